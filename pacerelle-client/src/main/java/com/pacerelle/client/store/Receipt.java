package com.pacerelle.client.store;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;

import com.pacerelle.client.codec.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What the store remembers of an inbound message (gateway.md section 4.1). Its
 * {@code toString()} has no text.
 *
 * @param messageId the message
 * @param digest SHA-256 of the frame's fields, or its first 8 bytes once the message is
 * accepted
 * @param state how far the message has come
 * @param payload the decrypted payload while the message waits, is pending or dead, else
 * {@code null}
 * @param receivedAt when it was received first, or accepted once it is
 */
public record Receipt(String messageId, byte[] digest, State state, @Nullable String payload, Instant receivedAt) {

	/**
	 * Whether these are the fields of the frame that was received.
	 * @param digest SHA-256 of the fields, 32 bytes
	 * @return whether it is the same message
	 */
	public boolean isOf(byte[] digest) {
		return MessageDigest.isEqual(this.digest, Arrays.copyOf(digest, this.digest.length));
	}

	@Override
	public String toString() {
		return "Receipt[messageId=" + Printable.id(this.messageId) + ", state=" + this.state + "]";
	}

	/**
	 * How far an inbound message has come.
	 */
	public enum State {

		/** Decrypted and stored as it came, until its device is trusted. */
		WAITING,

		/** Decrypted and stored, not handled yet. */
		PENDING,

		/** Handled; only a digest is left. */
		ACCEPTED,

		/** Accepted although it could not be handled; its payload is kept. */
		DEAD,

		/** Refused for good: it cannot be decrypted. */
		REJECTED

	}

}
