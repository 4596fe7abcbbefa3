package com.pacerelle.client;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Something that the operator or the application may want to know.
 */
public sealed interface GatewayEvent {

	/**
	 * The state of the connection changed.
	 *
	 * @param state the new state
	 */
	record ConnectionChanged(ConnectionState state) implements GatewayEvent {
	}

	/**
	 * The relay says that a peer's identity key changed. Own keys and all sessions are
	 * kept (gateway.md section 3).
	 *
	 * @param peerId the peer
	 */
	record IdentityChanged(String peerId) implements GatewayEvent {
	}

	/**
	 * A known person wrote from a device that was never seen before.
	 *
	 * @param userId the person
	 * @param conversationId the conversation
	 * @param deviceId the new device
	 */
	record DeviceAdded(String userId, String conversationId, String deviceId) implements GatewayEvent {
	}

	/**
	 * An inbound message was refused and not acknowledged; others are served.
	 *
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param reason why
	 */
	record MessageRejected(String messageId, String conversationId, RejectionReason reason) implements GatewayEvent {
	}

	/**
	 * An answer to a widget was refused: no handler gets it, the person is told so, and
	 * the message is accepted.
	 *
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param userId who answered
	 * @param reason why
	 */
	record AnswerRefused(String messageId, String conversationId, String userId,
			Reason reason) implements GatewayEvent {

		/**
		 * Why an answer was refused.
		 */
		public enum Reason {

			/** No such widget was sent there, or it was sent to somebody else. */
			NOT_ASKED,

			/** It came too late. */
			EXPIRED,

			/** The widget was answered before. */
			ANSWERED,

			/**
			 * It comes under an identity that was not known, or is not trusted, since the
			 * widget was sent. Compare verification codes: the relay could have invented
			 * the device.
			 */
			NEW_IDENTITY

		}

	}

	/**
	 * A member gave the agent a new key of a group, and could read with it whatever the
	 * agent writes there (gateway.md section 7).
	 *
	 * @param conversationId the group's conversation
	 * @param keyId the key
	 * @param epoch the key's epoch
	 * @param senderId the member
	 * @param deviceId the member's device, or {@code null}
	 */
	record GroupKeyAdded(String conversationId, String keyId, long epoch, String senderId,
			@Nullable String deviceId) implements GatewayEvent {
	}

	/**
	 * A key of a group was not taken: it cannot be decrypted with a session of the member
	 * who is said to have sent it, or is another key than is said. Others are taken.
	 *
	 * @param conversationId the group's conversation
	 * @param keyId the key
	 * @param senderId the member
	 */
	record GroupKeyRejected(String conversationId, String keyId, String senderId) implements GatewayEvent {
	}

	/**
	 * A handler failed for the last time in this connection; the message stays pending
	 * and unacknowledged.
	 *
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param failure what the handler threw
	 */
	record HandlingFailed(String messageId, String conversationId, Throwable failure) implements GatewayEvent {

		private static final int MAX_CAUSES = 4;

		/**
		 * Names the types of the failure and its causes. Their messages may quote what a
		 * person wrote.
		 */
		@Override
		public String toString() {
			return "HandlingFailed[messageId=" + this.messageId + ", conversationId=" + this.conversationId
					+ ", failure="
					+ Stream.iterate(this.failure, Objects::nonNull, Throwable::getCause)
						.limit(MAX_CAUSES)
						.map((cause) -> cause.getClass().getName())
						.collect(Collectors.joining(", caused by "))
					+ "]";
		}

	}

	/**
	 * An inbound frame was ignored, because it is no message that this client knows.
	 */
	record FrameIgnored() implements GatewayEvent {
	}

	/**
	 * Why a message was refused.
	 */
	enum RejectionReason {

		/** It cannot be decrypted: forged, damaged, or for keys that are not here. */
		UNDECRYPTABLE,

		/** Its session belongs to another identity than the known one. */
		UNTRUSTED_IDENTITY,

		/** It was decrypted before, under another message id. */
		DUPLICATE,

		/** A message with this id but other content was seen before. */
		CONFLICT,

		/** It is not encrypted, while encryption is on. */
		CLEAR_TEXT,

		/** A field is missing or has the wrong type, or the text is not valid. */
		MALFORMED,

		/**
		 * No member of the group has given the agent the key that it was encrypted with.
		 * Not for good: it comes again.
		 */
		GROUP_KEY_MISSING,

		/**
		 * It delivers another history key than the one known for the conversation. Not
		 * for good: it comes again, as if it had never been there.
		 */
		HISTORY_KEY_CHANGED

	}

}
