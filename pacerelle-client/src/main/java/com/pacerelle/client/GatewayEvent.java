package com.pacerelle.client;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An event for the operator or the application.
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
	 * Another process has taken the agent from this one, which hung or was cut off from
	 * the database, and is a standby from now on. What it had not committed is handled
	 * there.
	 */
	record AgentTaken() implements GatewayEvent {
	}

	/**
	 * The relay says that a peer's identity key changed. Own keys and all sessions are
	 * kept (gateway.md section 3).
	 *
	 * @param peerId the peer
	 */
	record IdentityChanged(String peerId) implements GatewayEvent {

		@Override
		public String toString() {
			return "IdentityChanged[peerId=" + PrintableId.of(this.peerId) + "]";
		}

	}

	/**
	 * A known person wrote under an identity that is new. Compare its verification code
	 * with the one that the person's device shows: the relay could have invented it.
	 *
	 * @param device the device and its identity
	 * @param novelty what is new
	 */
	record DeviceAdded(KnownDevice device, Novelty novelty) implements GatewayEvent {
	}

	/**
	 * Somebody decided whether a device is trusted.
	 *
	 * @param device one of those with this identity, and the decision
	 */
	record DeviceDecided(KnownDevice device) implements GatewayEvent {
	}

	/**
	 * Somebody had a device forgotten: it counts as new when it writes again.
	 *
	 * @param device one of those with its identity, as it was
	 */
	record DeviceForgotten(KnownDevice device) implements GatewayEvent {
	}

	/**
	 * An inbound message was refused and not acknowledged; others are still handled.
	 *
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param reason why
	 */
	record MessageRejected(String messageId, String conversationId, RejectionReason reason) implements GatewayEvent {

		@Override
		public String toString() {
			return "MessageRejected[messageId=" + PrintableId.of(this.messageId) + ", conversationId="
					+ PrintableId.of(this.conversationId) + ", reason=" + this.reason + "]";
		}

	}

	/**
	 * Many messages that were said to come from a device were forged, and for a while
	 * only those are decrypted that cost little: what is sent without long losses. The
	 * pause doubles with each further one.
	 *
	 * @param userId the person
	 * @param conversationId the conversation
	 * @param deviceId the device, or {@code null}
	 * @param pause for how long
	 */
	record DecryptionLimited(String userId, String conversationId, @Nullable String deviceId,
			Duration pause) implements GatewayEvent {

		@Override
		public String toString() {
			return "DecryptionLimited[userId=" + PrintableId.of(this.userId) + ", conversationId="
					+ PrintableId.of(this.conversationId) + ", deviceId=" + PrintableId.of(this.deviceId) + ", pause="
					+ this.pause + "]";
		}

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

		@Override
		public String toString() {
			return "AnswerRefused[messageId=" + PrintableId.of(this.messageId) + ", conversationId="
					+ PrintableId.of(this.conversationId) + ", userId=" + PrintableId.of(this.userId) + ", reason="
					+ this.reason + "]";
		}

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
	 * A member gave the agent a new key of a group, and can read with it what the agent
	 * writes there (gateway.md section 7).
	 *
	 * @param conversationId the group's conversation
	 * @param keyId the key
	 * @param epoch the key's epoch
	 * @param senderId the member
	 * @param deviceId the member's device, or {@code null}
	 */
	record GroupKeyAdded(String conversationId, String keyId, long epoch, String senderId,
			@Nullable String deviceId) implements GatewayEvent {

		@Override
		public String toString() {
			return "GroupKeyAdded[conversationId=" + PrintableId.of(this.conversationId) + ", keyId="
					+ PrintableId.of(this.keyId) + ", epoch=" + this.epoch + ", senderId="
					+ PrintableId.of(this.senderId) + ", deviceId=" + PrintableId.of(this.deviceId) + "]";
		}

	}

	/**
	 * A key of a group was rejected: it cannot be decrypted with a session of its stated
	 * sender, or is not the stated key. Others are still accepted.
	 *
	 * @param conversationId the group's conversation
	 * @param keyId the key
	 * @param senderId the member
	 */
	record GroupKeyRejected(String conversationId, String keyId, String senderId) implements GatewayEvent {

		@Override
		public String toString() {
			return "GroupKeyRejected[conversationId=" + PrintableId.of(this.conversationId) + ", keyId="
					+ PrintableId.of(this.keyId) + ", senderId=" + PrintableId.of(this.senderId) + "]";
		}

	}

	/**
	 * Some of the keys that a member has given for a group are not used, so that others
	 * are not affected. Told once for each member and reason.
	 *
	 * @param conversationId the group's conversation
	 * @param senderId the member, or an empty string for keys of an older store
	 * @param reason why
	 */
	record GroupKeysLimited(String conversationId, String senderId, Reason reason) implements GatewayEvent {

		@Override
		public String toString() {
			return "GroupKeysLimited[conversationId=" + PrintableId.of(this.conversationId) + ", senderId="
					+ PrintableId.of(this.senderId) + ", reason=" + this.reason + "]";
		}

		/**
		 * Why keys are not used.
		 */
		public enum Reason {

			/** So many are new that only those with the highest epochs are opened now. */
			TOO_MANY,

			/**
			 * The agent reads with a key whose epoch is ahead of the keys that other
			 * members use, but does not write with it.
			 */
			EPOCH_AHEAD

		}

	}

	/**
	 * A message could not be handled. After the last attempt, or when no other one can
	 * help, it is accepted, and mostly a {@link DeadLetter}; when the store or the relay
	 * failed, it stays unacknowledged and is tried again later.
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
			return "HandlingFailed[messageId=" + PrintableId.of(this.messageId) + ", conversationId="
					+ PrintableId.of(this.conversationId) + ", failure="
					+ Stream.iterate(this.failure, Objects::nonNull, Throwable::getCause)
						.limit(MAX_CAUSES)
						.map((cause) -> cause.getClass().getName())
						.collect(Collectors.joining(", caused by "))
					+ "]";
		}

	}

	/**
	 * An inbound frame was ignored, because it is not a message that this client knows.
	 */
	record FrameIgnored() implements GatewayEvent {
	}

	/**
	 * What is new about an identity.
	 */
	enum Novelty {

		/** The device was never seen before. */
		NEW_DEVICE,

		/** The device had another identity in this conversation before. */
		CHANGED,

		/** The device has another identity in other conversations. */
		DIFFERENT_ELSEWHERE

	}

	/**
	 * Why a message was refused.
	 */
	enum RejectionReason {

		/** It cannot be decrypted: forged, damaged, or for unknown keys. */
		UNDECRYPTABLE,

		/**
		 * Too many messages of its peer were forged to find out now whether this one is.
		 * Not for good: it comes again.
		 */
		DEFERRED,

		/** Its session belongs to another identity than the known one. */
		UNTRUSTED_IDENTITY,

		/** Its device was refused. */
		DEVICE_REFUSED,

		/**
		 * Its device waits for approval, and no more messages can wait. Not for good: it
		 * comes again.
		 */
		DEVICE_WAITING,

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
		 * Temporary: the message is delivered again.
		 */
		GROUP_KEY_MISSING,

		/**
		 * It delivers another history key than its device, or the group, did before.
		 * Temporary: the message is not recorded, and delivered again.
		 */
		HISTORY_KEY_CHANGED

	}

}
