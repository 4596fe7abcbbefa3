package com.pacerelle.client.connection;

import java.io.IOException;
import java.net.ConnectException;
import java.util.stream.Stream;

import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.HttpStatusException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ConnectionEndTests {

	private final Redaction redaction = new Redaction(new AgentToken("s3/cret"));

	@ParameterizedTest(name = "close code {0}: token refused {1}")
	@CsvSource({ "1000, false", "1001, false", "1006, false", "1008, true", "1009, false", "1011, false", "1012, false",
			"4000, false", "4401, true", "4403, true", "4404, false", "-1, false" })
	void closeCodesTellRefusedTokensFromTransientEnds(int code, boolean tokenRefused) {
		assertThat(ConnectionEnd.ofCloseCode(code).isTokenRefused()).isEqualTo(tokenRefused);
	}

	@Test
	void closeCodeForAFrameThatIsTooLargeIsTold() {
		assertThat(ConnectionEnd.ofCloseCode(1009).kind()).isEqualTo(ConnectionEnd.Kind.FRAME_TOO_LARGE);
	}

	static Stream<Arguments> failures() {
		return Stream.of(arguments(handshake(401), true), arguments(handshake(403), true),
				arguments(handshake(404), false), arguments(handshake(502), false),
				arguments(new HttpStatusException(401), true), arguments(new HttpStatusException(403), true),
				arguments(new HttpStatusException(400), false), arguments(new HttpStatusException(302), false),
				arguments(new HttpStatusException(500), false),
				arguments(new RuntimeException(new HttpStatusException(401)), true),
				arguments(new ConnectException("Connection refused"), false),
				arguments(new WebSocketClientHandshakeException("closed"), false),
				arguments(new OutOfMemoryError("heap"), false));
	}

	@ParameterizedTest(name = "{0}: token refused {1}")
	@MethodSource("failures")
	void failuresTellRefusedTokensFromTransientEnds(Throwable failure, boolean tokenRefused) {
		assertThat(ConnectionEnd.ofFailure(failure, this.redaction).isTokenRefused()).isEqualTo(tokenRefused);
	}

	@Test
	void failuresThatQuoteTheTokenAreShownWithoutIt() {
		Throwable failure = new IllegalStateException("outer", new IOException("GET /ws/agent?token=s3%2Fcret failed"));
		failure.addSuppressed(new IOException("token s3/cret"));
		ConnectionEnd end = ConnectionEnd.ofFailure(failure, this.redaction);
		assertThat(end.reason()).doesNotContain("cret");
		assertThat(end.failure()).hasNoCause();
		assertThat(end.failure().toString()).doesNotContain("cret");
		assertThat(end.failure().getSuppressed()).isEmpty();
	}

	@Test
	void otherFailuresKeepTheirCauses() {
		ConnectException failure = new ConnectException("Connection refused");
		assertThat(ConnectionEnd.ofFailure(failure, this.redaction).failure()).isSameAs(failure);
	}

	@Test
	void failuresOfBlockingCallsAreUnwrapped() {
		ConnectException failure = new ConnectException("Connection refused");
		ConnectionEnd end = ConnectionEnd.ofFailure(Exceptions.propagate(failure), this.redaction);
		assertThat(end.failure()).isSameAs(failure);
		assertThat(end.reason()).isEqualTo("ConnectException: Connection refused");
	}

	private static Throwable handshake(int status) {
		return new WebSocketClientHandshakeException("Invalid handshake response", new DefaultFullHttpResponse(
				HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER));
	}

}
