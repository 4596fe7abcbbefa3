package com.pacerelle.client.connect;

import org.jspecify.annotations.Nullable;

/**
 * A request to Agent Connect failed. Its message has neither a secret nor text of the
 * relay.
 */
public final class AgentConnectException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final @Nullable String error;

	AgentConnectException(String message, int status, @Nullable String error) {
		super(message);
		this.status = status;
		this.error = error;
	}

	AgentConnectException(String message, Throwable cause) {
		super(message, cause);
		this.status = 0;
		this.error = null;
	}

	/**
	 * The HTTP status that the relay answered with.
	 * @return the status, 0 if the relay could not be reached or understood
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Which error the relay named.
	 * @return a code of RFC 6749 or RFC 6750 such as {@code invalid_grant}, or
	 * {@code null} if it named none that is known
	 */
	public @Nullable String error() {
		return this.error;
	}

	/**
	 * Whether the relay refused what was shown to it, such as the code, the connect key
	 * or the token of an installation that was removed: a retry does not help.
	 * @return whether the status is 401 or 403, or the error {@code invalid_grant}
	 */
	public boolean isRefused() {
		return this.status == 401 || this.status == 403 || "invalid_grant".equals(this.error);
	}

}
