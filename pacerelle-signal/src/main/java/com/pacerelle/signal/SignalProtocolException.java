package com.pacerelle.signal;

import org.jspecify.annotations.Nullable;

/**
 * The protocol refused a message, a key or a bundle, and no state has changed. Neither
 * the text nor the cause holds content or keys.
 */
public abstract sealed class SignalProtocolException extends RuntimeException
		permits DuplicateMessageException, InvalidBundleException, InvalidMessageException, MalformedKeyException,
		MalformedMessageException, MessageDeferredException, NoSessionException, StaleSessionException,
		UnknownPreKeyException, UntrustedIdentityException {

	private static final long serialVersionUID = 1L;

	SignalProtocolException(String message) {
		super(message);
	}

	SignalProtocolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
