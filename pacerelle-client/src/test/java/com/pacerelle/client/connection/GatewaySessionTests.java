package com.pacerelle.client.connection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.ConnectionSettings;
import com.pacerelle.client.TestRelay;
import com.pacerelle.client.http.AgentToken;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class GatewaySessionTests {

	@AutoClose
	private final TestRelay relay = new TestRelay();

	@AutoClose("dispose")
	private Disposable connection;

	private final List<Long> delivered = new CopyOnWriteArrayList<>();

	private GatewaySession session;

	@BeforeEach
	void open(@TempDir Path root) {
		ConnectionSettings settings = this.relay.settings(root).build().connection();
		AgentToken token = new AgentToken(TestRelay.TOKEN);
		CompletableFuture<GatewaySession> opened = new CompletableFuture<>();
		this.connection = HttpClient.newConnection()
			.websocket()
			.uri(settings.socketAddress() + "?token=" + token.encoded())
			.handle((inbound, outbound) -> {
				inbound.withConnection((connection) -> {
					failToWrite(connection, "second");
					GatewaySession session = new GatewaySession(settings, new Redaction(token), new Frames(),
							new Sessions(), connection, inbound, outbound);
					session.open();
					opened.complete(session);
				});
				return Mono.fromFuture(opened.join().end(), true);
			})
			.subscribe();
		this.session = opened.join();
	}

	@Test
	void framesThatLeaveAreConfirmed() {
		this.session.write("\"first\"", 1);
		await().until(() -> this.delivered.contains(1L));
		assertThat(this.relay.frames()).containsExactly("\"first\"");
	}

	@Test
	void aFrameThatDoesNotLeaveEndsTheSessionAndIsNeverConfirmed() {
		this.session.write("\"first\"", 1);
		await().until(() -> this.delivered.contains(1L));
		this.session.write("\"second\"", 2);
		this.session.write("\"third\"", 3);
		await().until(this.session.end()::isDone);
		assertThat(this.session.end().join().reason()).isEqualTo("IOException: Broken");
		await().until(() -> !this.relay.isConnected());
		assertThat(this.delivered).doesNotContain(2L, 3L);
	}

	private static void failToWrite(Connection connection, String text) {
		connection.addHandlerLast("failing", new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
				if (message instanceof TextWebSocketFrame frame && frame.text().contains(text)) {
					frame.release();
					promise.setFailure(new IOException("Broken"));
				}
				else {
					context.write(message, promise);
				}
			}

		});
	}

	private static final class Frames implements FrameListener {

		@Override
		public void received(byte[] utf8) {
		}

		@Override
		public void ignored() {
		}

		@Override
		public boolean hasRoom() {
			return true;
		}

	}

	private final class Sessions implements SessionListener {

		@Override
		public void opening() {
		}

		@Override
		public void opened(FrameWriter writer) {
		}

		@Override
		public void delivered(FrameWriter writer, long sequence) {
			GatewaySessionTests.this.delivered.add(sequence);
		}

		@Override
		public void closed(SessionEnd end) {
		}

	}

}
