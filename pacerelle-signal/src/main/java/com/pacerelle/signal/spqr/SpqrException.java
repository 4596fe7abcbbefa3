package com.pacerelle.signal.spqr;

/**
 * A message or a stored state was refused; the state that refused it is unchanged
 * (spqr.md section 12).
 */
public final class SpqrException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	SpqrException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Why it was refused.
	 * @return the error of spqr.md section 12
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * The errors of spqr.md section 12.
	 */
	public enum Reason {

		/** The message cannot be parsed. */
		MESSAGE_DECODE,

		/** The message has no post-quantum part. */
		MINIMUM_VERSION,

		/** The message has another version than the session. */
		VERSION_MISMATCH,

		/** The epoch of the message is too old or too new. */
		EPOCH_OUT_OF_RANGE,

		/** The key of the message was used already, or its number is 0. */
		KEY_ALREADY_REQUESTED,

		/** The key of the message is older than those that are kept. */
		KEY_TRIMMED,

		/** The key of the message is too far ahead. */
		KEY_JUMP,

		/** The MAC of the KEM header or of the KEM ciphertext is wrong. */
		MAC_VERIFY_FAILED,

		/** The KEM key does not fit its header. */
		ERRONEOUS_DATA_RECEIVED,

		/** A key for sending was asked of an epoch that is over: a programming error. */
		SEND_KEY_EPOCH_DECREASED,

		/**
		 * A stored state is broken. This includes the one that has neither a key chain
		 * nor what it starts from.
		 */
		STATE_DECODE

	}

}
