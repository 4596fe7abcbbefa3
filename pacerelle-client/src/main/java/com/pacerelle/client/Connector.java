package com.pacerelle.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Opens sockets, each with a session on it.
 */
final class Connector {

	private final ConnectionSettings settings;

	private final RelayHttpClient relay;

	private final FrameListener frameListener;

	private final SessionListener sessionListener;

	Connector(ConnectionSettings settings, RelayHttpClient relay, FrameListener frameListener,
			SessionListener sessionListener) {
		this.settings = settings;
		this.relay = relay;
		this.frameListener = frameListener;
		this.sessionListener = sessionListener;
	}

	/**
	 * Opens a socket. Cancelling closes it.
	 * @param token the token to show
	 * @param upgraded opens the session, on the event loop
	 * @return how the connection, or the attempt, ended
	 */
	Flux<ConnectionEnd> connect(AgentToken token, Consumer<GatewaySession> upgraded) {
		Redaction redaction = new Redaction(token);
		return this.relay.socket()
			.doOnChannelInit((observer, channel, address) -> channel.pipeline()
				.addAfter(NettyPipeline.HttpCodec, "pacerelle-token", new TokenAppender(token)))
			.websocket(WebsocketClientSpec.builder().maxFramePayloadLength(this.settings.maxFrameSize()).build())
			.uri(this.settings.socketAddress().toString())
			.handle((inbound, outbound) -> run(redaction, inbound, outbound, upgraded))
			.onErrorResume((failure) -> Mono.just(ConnectionEnd.ofFailure(failure, redaction)))
			.defaultIfEmpty(ConnectionEnd.of("the connection was lost"));
	}

	private Publisher<ConnectionEnd> run(Redaction redaction, WebsocketInbound inbound, WebsocketOutbound outbound,
			Consumer<GatewaySession> upgraded) {
		CompletableFuture<GatewaySession> session = new CompletableFuture<>();
		inbound.withConnection((connection) -> session.complete(new GatewaySession(this.settings, redaction,
				this.frameListener, this.sessionListener, connection, inbound, outbound)));
		upgraded.accept(session.join());
		return Mono.fromFuture(session.join().end(), true);
	}

}
