package com.pacerelle.client;

import java.io.IOException;
import java.util.Set;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;

/**
 * How a connection, or the attempt to open one, ended (gateway.md section 3).
 *
 * @param tokenRefused whether the relay refused the token; all else passes by itself
 * @param reason why, for the log: never the token, content or words of the relay
 * @param failure what was thrown, without the token, or a description of the end
 */
record ConnectionEnd(boolean tokenRefused, String reason, Throwable failure) {

	private static final Set<Integer> REFUSING_CLOSE_CODES = Set.of(1008, 4401, 4403);

	private static final Set<Integer> REFUSING_STATUSES = Set.of(401, 403);

	static ConnectionEnd ofCloseCode(int code) {
		return of(REFUSING_CLOSE_CODES.contains(code),
				(code > 0) ? "the relay closed it with code " + code : "it was closed without a code");
	}

	static ConnectionEnd ofStatus(int status) {
		return of(REFUSING_STATUSES.contains(status), "the relay answered with HTTP status " + status);
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
		Throwable safe = redaction.apply(failure);
		return new ConnectionEnd(false, safe.getClass().getSimpleName() + ": " + safe.getMessage(), safe);
	}

	static ConnectionEnd of(String reason) {
		return of(false, reason);
	}

	private static ConnectionEnd of(boolean tokenRefused, String reason) {
		return new ConnectionEnd(tokenRefused, reason, new IOException("Connection ended: " + reason));
	}

}
