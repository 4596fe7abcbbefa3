package com.pacerelle.client.store;

import java.time.Instant;
import java.util.List;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import org.jspecify.annotations.Nullable;

/**
 * One change of the store.
 */
public sealed interface Change {

	/**
	 * A change of the session protocol's records.
	 *
	 * @param change the change
	 */
	record Session(StoreChange change) implements Change {
	}

	/**
	 * A message was decrypted: it is pending now. Also stores its reply context.
	 * Contradicts the store when the message is pending or accepted; one that waits or
	 * was rejected is replaced.
	 *
	 * @param messageId the message
	 * @param digest SHA-256 of the frame's fields, 32 bytes
	 * @param payload the decrypted payload
	 * @param envelope the rest of the frame, to handle the message without it, or
	 * {@code null} if the frame is needed
	 * @param replyContext where a reply goes
	 * @param receivedAt when it came
	 */
	record MessagePending(String messageId, byte[] digest, String payload, @Nullable String envelope,
			ReplyContext replyContext, Instant receivedAt) implements Change {

		/**
		 * Creates a change for a message that is handled with its frame.
		 * @param messageId the message
		 * @param digest SHA-256 of the frame's fields, 32 bytes
		 * @param payload the decrypted payload
		 * @param replyContext where a reply goes
		 * @param receivedAt when it came
		 */
		public MessagePending(String messageId, byte[] digest, String payload, ReplyContext replyContext,
				Instant receivedAt) {
			this(messageId, digest, payload, null, replyContext, receivedAt);
		}

		@Override
		public String toString() {
			return "MessagePending[messageId=" + this.messageId + "]";
		}

	}

	/**
	 * A message of a device that is not trusted yet was decrypted. Contradicts the store
	 * unless the message is unknown or was rejected.
	 *
	 * @param messageId the message
	 * @param digest SHA-256 of the frame's fields, 32 bytes
	 * @param payload the decrypted payload as it came
	 * @param replyContext where it came from
	 * @param receivedAt when it came
	 */
	record MessageWaiting(String messageId, byte[] digest, String payload, ReplyContext replyContext,
			Instant receivedAt) implements Change {

		@Override
		public String toString() {
			return "MessageWaiting[messageId=" + this.messageId + "]";
		}

	}

	/**
	 * A pending message could not be handled, and will be tried again. Changes nothing
	 * when the message is not pending.
	 *
	 * @param messageId the message
	 * @param attempts how often it was tried
	 * @param failure the types of what failed
	 * @param failedAt when
	 */
	record MessageFailed(String messageId, int attempts, String failure, Instant failedAt) implements Change {
	}

	/**
	 * A message that cannot be handled becomes a dead letter: it is accepted, and its
	 * payload kept, without what its handler asked. Contradicts the store when the
	 * message is neither pending nor a dead letter.
	 *
	 * @param messageId the message
	 * @param attempts how often it was tried
	 * @param failure the types of what failed
	 * @param failedAt when
	 */
	record MessageDead(String messageId, int attempts, String failure, Instant failedAt) implements Change {
	}

	/**
	 * The oldest dead letters lose their payload, and are accepted messages like others,
	 * at most a thousand at a time.
	 *
	 * @param failedBefore those that failed earlier
	 * @param most how many stay at most
	 * @param now when they are accepted
	 */
	record DeadLettersExpired(Instant failedBefore, int most, Instant now) implements Change {
	}

	/**
	 * A pending message was handled, or a dead letter handled or discarded: its payload
	 * is forgotten. Contradicts the store when the message is neither.
	 *
	 * @param messageId the message
	 * @param acceptedAt when
	 */
	record MessageAccepted(String messageId, Instant acceptedAt) implements Change {
	}

	/**
	 * A widget was sent. It takes the place of an earlier one with the same id, recipient
	 * and addressee, save for what the handler of another pending message asked; votes on
	 * an earlier one are forgotten. Of those of the conversation that are not answered,
	 * the newest {@value AgentStore#MAX_OPEN_WIDGETS} stay. Contradicts the store when
	 * this message asked with this widget before.
	 *
	 * @param widget the widget
	 */
	record WidgetIssued(IssuedWidget widget) implements Change {
	}

	/**
	 * A message answers a widget. Contradicts the store when another message did, or the
	 * widget was sent anew.
	 *
	 * @param widget the widget, as it was read
	 * @param messageId the message
	 */
	record WidgetAnswered(IssuedWidget widget, String messageId) implements Change {
	}

	/**
	 * An update changes until when a widget can be answered.
	 *
	 * @param conversationId the conversation
	 * @param widgetId the widget
	 * @param recipient where it was sent
	 * @param expiresAt until when
	 */
	record WidgetExpiryChanged(String conversationId, String widgetId, String recipient,
			Instant expiresAt) implements Change {
	}

	/**
	 * A message was refused for good; its digest is remembered, so that the same bytes
	 * cost nothing when they come again. Contradicts the store when the message is
	 * pending or accepted; of one that was rejected before, the digest is replaced. The
	 * store may forget the oldest of them: a forger decides how many there are.
	 *
	 * @param messageId the message
	 * @param digest SHA-256 of the frame's fields, 32 bytes
	 * @param rejectedAt when
	 */
	record MessageRejected(String messageId, byte[] digest, Instant rejectedAt) implements Change {
	}

	/**
	 * A device has this identity in a conversation from now on.
	 *
	 * @param identity the identity; it replaces the one that the device had there
	 */
	record IdentityKnown(KnownIdentity identity) implements Change {
	}

	/**
	 * An identity of a person is trusted, refused, or asked for, in all conversations;
	 * messages that wait for one that is refused are rejected. Contradicts the store when
	 * no device of the person has it, or it is asked for while it does not wait.
	 *
	 * @param userId the person
	 * @param identity the identity key
	 * @param state what it is from now on
	 * @param decidedAt when
	 */
	record IdentityDecided(String userId, EcPublicKey identity, KnownIdentity.State state,
			Instant decidedAt) implements Change {
	}

	/**
	 * A device does not have an identity in a conversation any more: the sessions with
	 * it, the history keys that it has delivered there, and that it was used last are
	 * forgotten. Messages that wait are rejected, and those that are pending if the
	 * identity was refused. Contradicts the store when the device does not have it.
	 *
	 * @param identity the identity
	 * @param peers under which names there may be sessions; those with other identities
	 * stay
	 * @param forgottenAt when
	 */
	record IdentityForgotten(KnownIdentity identity, List<ProtocolAddress> peers,
			Instant forgottenAt) implements Change {
	}

	/**
	 * A person writes from this device: what is sent to the person goes there.
	 *
	 * @param userId the person
	 * @param conversationId the conversation
	 * @param deviceId the device
	 */
	record DeviceUsed(String userId, String conversationId, String deviceId) implements Change {
	}

	/**
	 * Under which name a device's messages decrypt (gateway.md section 4.2).
	 *
	 * @param userId the person
	 * @param conversationId the conversation
	 * @param deviceId the device
	 * @param plain whether it is the plain name
	 */
	record PeerNameSeen(String userId, String conversationId, String deviceId, boolean plain) implements Change {
	}

	/**
	 * A device of a person, or a group, has delivered a history key. Contradicts the
	 * store when it has delivered another one in this conversation under the same
	 * identity.
	 *
	 * @param key the key, and who delivered it
	 */
	record HistoryKeyDelivered(KnownHistoryKey key) implements Change {
	}

	/**
	 * A member has given the agent a key of a group. Contradicts the store when there is
	 * another key with the same conversation, id and epoch. Of the keys that a member has
	 * given, those with the {@value AgentStore#MAX_GROUP_KEYS} highest epochs stay;
	 * others are deleted with their nonces.
	 *
	 * @param key the key
	 * @param givenBy the member
	 * @param givenAt when
	 */
	record GroupKeyReceived(GroupKey key, String givenBy, Instant givenAt) implements Change {
	}

	/**
	 * A message was encrypted with a group's key, by the agent or by a member.
	 * Contradicts the store when the nonce was used with this key before: the message is
	 * a copy; and when there is no such key. The nonce is known as long as the key.
	 *
	 * @param conversationId the group's conversation
	 * @param keyId the key's id
	 * @param epoch the key's epoch
	 * @param nonce the nonce, 12 bytes
	 * @param writtenBy the member, or {@code null} for the agent
	 */
	record GroupNonceUsed(String conversationId, String keyId, long epoch, byte[] nonce,
			@Nullable String writtenBy) implements Change {
	}

	/**
	 * A frame is to be sent. Contradicts the store when there is a frame with its
	 * sequence.
	 *
	 * @param frame the frame
	 */
	record FrameQueued(OutboundFrame frame) implements Change {
	}

	/**
	 * The relay has these frames. Changes of this kind alone may be written up to 100
	 * milliseconds later, to share the flush of others; lost in a crash, they cost a
	 * frame that is sent again.
	 *
	 * @param sequences the frames' sequences
	 */
	record FramesDelivered(List<Long> sequences) implements Change {
	}

	/**
	 * New prekeys, committed before their public halves are published; the signed and the
	 * Kyber prekey become the current ones. Contradicts the store when there is a prekey
	 * of the same kind and id.
	 *
	 * @param signedPreKey a new signed prekey, or {@code null}
	 * @param kyberPreKey a new Kyber prekey, or {@code null}
	 * @param oneTimePreKeys new one-time prekeys
	 * @param createdAt when they were made
	 */
	record PreKeysCreated(@Nullable SignedPreKey signedPreKey, @Nullable KyberPreKey kyberPreKey,
			List<OneTimePreKey> oneTimePreKeys, Instant createdAt) implements Change {
	}

	/**
	 * Prekeys whose public halves the agent has published with another store: what was
	 * encrypted for them can be read. The current ones stay as they are; without any, the
	 * agent makes new ones. Contradicts the store when there is a prekey of the same kind
	 * and id.
	 *
	 * @param signedPreKeys the signed prekeys
	 * @param kyberPreKeys the Kyber prekeys
	 * @param oneTimePreKeys the one-time prekeys
	 * @param importedAt when they came, from which on they grow old
	 */
	record PreKeysImported(List<SignedPreKey> signedPreKeys, List<KyberPreKey> kyberPreKeys,
			List<OneTimePreKey> oneTimePreKeys, Instant importedAt) implements Change {
	}

	/**
	 * The relay has a bundle with this signed prekey.
	 *
	 * @param signedPreKeyId the signed prekey
	 */
	record BundlePublished(int signedPreKeyId) implements Change {
	}

	/**
	 * The relay has these one-time prekeys. Those that were used meanwhile are left out.
	 *
	 * @param ids the prekeys
	 */
	record OneTimePreKeysPublished(List<Integer> ids) implements Change {
	}

	/**
	 * A person voted, for the first time or anew. Changes nothing when there is no ballot
	 * for this widget any more.
	 *
	 * @param conversationId the conversation
	 * @param widgetId the widget
	 * @param userId the person
	 * @param vote what the person voted for, or {@code null} to take back the vote
	 */
	record VoteCast(String conversationId, String widgetId, String userId, @Nullable String vote) implements Change {

		@Override
		public String toString() {
			return "VoteCast[conversationId=" + this.conversationId + ", widgetId=" + this.widgetId + "]";
		}

	}

	/**
	 * Old records that are not needed any more are deleted, at most a thousand of each
	 * kind at a time, so that nothing waits for long: replaced signed and Kyber prekeys
	 * with their seen base keys, unused one-time prekeys, accepted and rejected receipts,
	 * reply contexts, widgets with their votes.
	 *
	 * @param preKeysBefore prekeys that were made earlier go, except the current ones
	 * @param receiptsBefore receipts and reply contexts of messages that were accepted or
	 * rejected earlier go, pending ones stay; widgets that were sent earlier go
	 */
	record Expired(Instant preKeysBefore, Instant receiptsBefore) implements Change {
	}

	/**
	 * Up to where time has passed, as far as records grow old with it.
	 *
	 * @param time the time
	 */
	record TimePassed(Instant time) implements Change {
	}

}
