package com.pacerelle.client.history;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which message of which conversation a history record is of (gateway.md section 6). To
 * open a record, make it from what you asked for, never from the record alone: a record
 * opens under its own context only.
 *
 * @param conversationId the conversation
 * @param messageId the message
 * @param senderId who sent the message
 * @param senderType what the sender is
 * @param keyId the id of the history key
 * @param epoch the epoch of the history key, in 1..2^53-1
 */
public record HistoryContext(String conversationId, String messageId, String senderId, SenderType senderType,
		String keyId, long epoch) {

	private static final long MAX_EPOCH = (1L << 53) - 1;

	/**
	 * Checks the context.
	 * @throws IllegalArgumentException if an id is empty or has a colon or a control
	 * character, or the epoch is out of range
	 */
	public HistoryContext {
		requireIdentifier("conversationId", conversationId);
		requireIdentifier("messageId", messageId);
		requireIdentifier("senderId", senderId);
		requireIdentifier("keyId", keyId);
		if (epoch < 1 || epoch > MAX_EPOCH) {
			throw new IllegalArgumentException("'epoch' must be between 1 and 2^53-1");
		}
	}

	private static void requireIdentifier(String name, String value) {
		if (!isIdentifier(value)) {
			throw new IllegalArgumentException(
					"'" + name + "' must not be empty, and must have no colon and no control character");
		}
	}

	/**
	 * Whether a value can be one of the ids.
	 * @param value the value
	 * @return whether it is not empty and has no colon and no control character
	 */
	public static boolean isIdentifier(String value) {
		return !value.isEmpty() && value.chars().noneMatch((c) -> c == ':' || c < ' ' || c == 0x7f);
	}

	byte[] additionalData() {
		return String
			.join(":", "pacerelle:conversation-history:v1", this.conversationId, this.messageId, this.senderId,
					this.senderType.name().toLowerCase(Locale.ROOT), this.keyId, Long.toString(this.epoch))
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What a sender is.
	 */
	public enum SenderType {

		/** A person. */
		HUMAN,

		/** An agent. */
		AGENT

	}

}
