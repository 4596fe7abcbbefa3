package com.pacerelle.client.connection;

import com.pacerelle.client.http.AgentToken;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Adds the token to the address of the upgrade when it leaves. Reactor Netty, which logs
 * the addresses that it is given, never sees it.
 */
final class TokenAppender extends ChannelOutboundHandlerAdapter {

	private final AgentToken token;

	TokenAppender(AgentToken token) {
		this.token = token;
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest request) {
			request.setUri(request.uri() + "?token=" + this.token.encoded());
		}
		context.write(message, promise);
	}

}
