package com.pacerelle.test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * The way to a relay, which can fall silent: its connections stay open, but nothing comes
 * through.
 */
final class Line implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private final AtomicInteger connections = new AtomicInteger();

	private final DisposableServer server;

	/** Connections up to this number are silent. */
	private volatile int silent;

	Line(int relayPort) {
		this.server = TcpServer.create().host(HOST).port(0).handle((agent, toAgent) -> {
			int number = this.connections.incrementAndGet();
			return TcpClient.create()
				.host(HOST)
				.port(relayPort)
				.handle((relay,
						toRelay) -> Mono.firstWithSignal(toRelay
							.sendByteArray(heard(number, agent)
								.index((index, bytes) -> (index == 0) ? addressed(bytes, relayPort) : bytes))
							.then(), toAgent.sendByteArray(heard(number, relay)).then()))
				.connect()
				.flatMap(Connection::onDispose);
		}).bindNow();
	}

	private Flux<byte[]> heard(int connection, NettyInbound from) {
		return from.receive().asByteArray().filter((bytes) -> connection > this.silent);
	}

	/** The relay wants to be called by its own address. */
	private byte[] addressed(byte[] request, int relayPort) {
		return new String(request, StandardCharsets.ISO_8859_1).replace(HOST + ":" + port(), HOST + ":" + relayPort)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	int port() {
		return this.server.port();
	}

	int connections() {
		return this.connections.get();
	}

	void silence() {
		this.silent = Integer.MAX_VALUE;
	}

	/** Connections that are opened from now on are heard. */
	void silenceOpenConnections() {
		this.silent = this.connections.get();
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
