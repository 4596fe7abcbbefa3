package com.pacerelle.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The identity that a device of a person has in a conversation. An app may have one
 * identity for all conversations, or one for each.
 *
 * @param userId the person
 * @param deviceId the device, or {@code null} if the person's messages name none
 * @param conversationId the conversation
 * @param verificationCode the code of the identity, to be compared with the one that the
 * device shows (gateway.md section 2.2)
 * @param firstSeen when the device wrote under this identity in this conversation first
 * @param trust whether its messages are handled; the same wherever the person has this
 * identity
 */
public record KnownDevice(String userId, @Nullable String deviceId, String conversationId, String verificationCode,
		Instant firstSeen, Trust trust) {

	/**
	 * Shows ids as {@link PrintableId}.
	 */
	@Override
	public String toString() {
		return "KnownDevice[userId=" + PrintableId.of(this.userId) + ", deviceId=" + PrintableId.of(this.deviceId)
				+ ", conversationId=" + PrintableId.of(this.conversationId) + ", verificationCode="
				+ this.verificationCode + ", firstSeen=" + this.firstSeen + ", trust=" + this.trust + "]";
	}

	/**
	 * Whether the messages of a device are handled.
	 */
	public enum Trust {

		/** They are handled. */
		TRUSTED,

		/** They wait until somebody decides. */
		WAITING,

		/** They are refused. */
		REFUSED

	}

}
