package com.pacerelle.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;

/**
 * Puts fragments together, and lets go of a message that grows too large: an empty frame
 * stands in for it.
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
