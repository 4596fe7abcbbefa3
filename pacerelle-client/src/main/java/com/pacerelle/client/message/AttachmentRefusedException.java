package com.pacerelle.client.message;

import java.util.Objects;

/**
 * An attachment that is refused for good: its content cannot be read. Neither the message
 * nor anything else of it has the file's name or content.
 */
public final class AttachmentRefusedException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	/**
	 * Creates the exception.
	 * @param reason why it is refused
	 * @param message what is wrong and what to do, without the file's name
	 */
	public AttachmentRefusedException(Reason reason, String message) {
		super(Objects.requireNonNull(message, "'message' must not be null"));
		this.reason = Objects.requireNonNull(reason, "'reason' must not be null");
	}

	/**
	 * Why it is refused.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Why an attachment is refused.
	 */
	public enum Reason {

		/** It is larger than the client accepts. */
		TOO_LARGE,

		/**
		 * It is larger than what {@link AgentAttachment#download()} takes into memory.
		 */
		TOO_LARGE_FOR_MEMORY,

		/** It has another size than it says. */
		WRONG_SIZE,

		/** It is not what the sender encrypted. */
		TAMPERED,

		/** It came without a key, or with an invalid one. */
		NO_KEY,

		/** Its type is not accepted, or its content is of another type. */
		TYPE_NOT_ACCEPTED,

		/** The relay does not have it, or not any more. */
		NOT_FOUND

	}

}
