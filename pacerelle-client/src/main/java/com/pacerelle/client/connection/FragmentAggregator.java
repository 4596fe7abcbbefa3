package com.pacerelle.client.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;

/**
 * Assembles fragments, and replaces a message that grows too large by an empty frame.
 */
final class FragmentAggregator extends WebSocketFrameAggregator {

	FragmentAggregator(int maxContentLength) {
		super(maxContentLength);
	}

	@Override
	protected void handleOversizedMessage(ChannelHandlerContext context, WebSocketFrame oversized) {
		context.fireChannelRead(new BinaryWebSocketFrame());
	}

}
