package com.pacerelle.client.connection;

import java.io.IOException;
import java.util.List;

import com.pacerelle.client.http.AgentToken;

/**
 * Blanks the token wherever libraries may have quoted it: it is part of the socket's
 * address.
 */
final class Redaction {

	private static final String BLANK = "***";

	private final List<String> secrets;

	Redaction(AgentToken token) {
		this.secrets = List.of(token.value(), token.encoded());
	}

	/**
	 * A failure that can be shown.
	 * @param failure what was thrown
	 * @return the same, or a copy without causes if anything of it has the token
	 */
	Throwable apply(Throwable failure) {
		return quotesToken(failure, 0) ? copy(failure) : failure;
	}

	private boolean quotesToken(Throwable failure, int depth) {
		String text = failure.toString();
		if (depth > 20 || this.secrets.stream().anyMatch(text::contains)) {
			return true;
		}
		Throwable cause = failure.getCause();
		if (cause != null && quotesToken(cause, depth + 1)) {
			return true;
		}
		for (Throwable suppressed : failure.getSuppressed()) {
			if (quotesToken(suppressed, depth + 1)) {
				return true;
			}
		}
		return false;
	}

	private IOException copy(Throwable failure) {
		String text = failure.toString();
		for (String secret : this.secrets) {
			text = text.replace(secret, BLANK);
		}
		IOException copy = new IOException(text);
		copy.setStackTrace(failure.getStackTrace());
		return copy;
	}

}
