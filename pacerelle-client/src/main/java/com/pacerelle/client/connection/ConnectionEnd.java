package com.pacerelle.client.connection;

import java.io.IOException;
import java.util.Set;

import com.pacerelle.client.http.HttpStatusException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import reactor.core.Exceptions;

/**
 * How a connection, or the attempt to open one, ended (gateway.md section 3).
 *
 * @param kind what follows from it
 * @param reason why, for the log: never the token, content or text of the relay
 * @param failure what was thrown, without the token, or a description of the end
 */
record ConnectionEnd(Kind kind, String reason, Throwable failure) {

	private static final Set<Integer> REFUSING_CLOSE_CODES = Set.of(1008, 4401, 4403);

	private static final Set<Integer> REFUSING_STATUSES = Set.of(401, 403);

	private static final Set<Integer> ORDERLY_CLOSE_CODES = Set.of(1000, 1001);

	private static final int MESSAGE_TOO_BIG = 1009;

	boolean isTokenRefused() {
		return this.kind == Kind.TOKEN_REFUSED;
	}

	SessionEnd sessionEnd() {
		return switch (this.kind) {
			case CLOSED -> SessionEnd.ORDERLY;
			case FRAME_TOO_LARGE -> SessionEnd.FRAME_TOO_LARGE;
			case TRANSIENT, TOKEN_REFUSED -> SessionEnd.LOST;
		};
	}

	static ConnectionEnd ofCloseCode(int code) {
		Kind kind = REFUSING_CLOSE_CODES.contains(code) ? Kind.TOKEN_REFUSED : (code == MESSAGE_TOO_BIG)
				? Kind.FRAME_TOO_LARGE : ORDERLY_CLOSE_CODES.contains(code) ? Kind.CLOSED : Kind.TRANSIENT;
		return of(kind, (code > 0) ? "the relay closed it with code " + code : "it was closed without a code");
	}

	static ConnectionEnd ofStatus(int status) {
		return of(REFUSING_STATUSES.contains(status) ? Kind.TOKEN_REFUSED : Kind.TRANSIENT,
				"the relay answered with HTTP status " + status);
	}

	/**
	 * Decides on what was thrown while the prekeys were published or the socket was open.
	 * @param failure what was thrown
	 * @param redaction blanks the token
	 * @return the end
	 */
	static ConnectionEnd ofFailure(Throwable failure, Redaction redaction) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof HttpStatusException ex) {
				return ofStatus(ex.status());
			}
			if (cause instanceof WebSocketClientHandshakeException ex) {
				HttpResponse response = ex.response();
				if (response != null) {
					return ofStatus(response.status().code());
				}
			}
		}
		Throwable safe = redaction.apply(Exceptions.unwrap(failure));
		return new ConnectionEnd(Kind.TRANSIENT, safe.getClass().getSimpleName() + ": " + safe.getMessage(), safe);
	}

	static ConnectionEnd ofClosing(String reason) {
		return of(Kind.CLOSED, reason);
	}

	static ConnectionEnd of(String reason) {
		return of(Kind.TRANSIENT, reason);
	}

	private static ConnectionEnd of(Kind kind, String reason) {
		return new ConnectionEnd(kind, reason, new IOException("Connection ended: " + reason));
	}

	/**
	 * What follows from the end of a connection.
	 */
	enum Kind {

		/** One side has closed it: connect again soon. */
		CLOSED,

		/** Transient: connect again soon. */
		TRANSIENT,

		/** The relay refused the token: connect again rarely. */
		TOKEN_REFUSED,

		/** The relay refused a frame as too large: connect again soon, without it. */
		FRAME_TOO_LARGE

	}

}
