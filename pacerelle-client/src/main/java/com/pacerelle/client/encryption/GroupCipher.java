package com.pacerelle.client.encryption;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.KnownGroupKey;
import org.jspecify.annotations.Nullable;

/**
 * The messages of groups in one unit of work, encrypted with the keys that members have
 * given the agent (gateway.md section 7).
 */
final class GroupCipher {

	private final AgentStore store;

	private final GroupKeys groupKeys;

	private final List<GroupKeys.Opened> newKeys;

	private final SecureRandom random;

	private final List<Change> changes = new ArrayList<>();

	/**
	 * Creates a unit of work.
	 * @param store has the keys that were known before
	 * @param groupKeys notified when new keys are committed
	 * @param newKeys the new keys of one group, the newest first
	 * @param random the source of nonces
	 */
	GroupCipher(AgentStore store, GroupKeys groupKeys, List<GroupKeys.Opened> newKeys, SecureRandom random) {
		this.store = store;
		this.groupKeys = groupKeys;
		this.newKeys = newKeys;
		this.random = random;
		newKeys.forEach((opened) -> this.changes
			.add(new Change.GroupKeyReceived(opened.key(), opened.envelope().senderId(), opened.openedAt())));
	}

	/**
	 * Decrypts a message of a member.
	 * @param conversationId the group's conversation
	 * @param writtenBy the member, as the relay says
	 * @param payload the group message
	 * @return the plaintext
	 * @throws PayloadRefusedException if it cannot be decrypted, or was before
	 */
	byte[] decrypt(String conversationId, String writtenBy, byte[] payload) throws PayloadRefusedException {
		GroupMessage message = GroupMessage.parse(payload);
		if (message == null || !message.conversationId().equals(conversationId)) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		GroupKey key = key(new GroupKeyId(conversationId, message.keyId(), message.epoch()));
		if (key == null) {
			throw new PayloadRefusedException(RejectionReason.GROUP_KEY_MISSING);
		}
		try {
			if (this.store.isGroupNonceUsed(key, message.nonce())) {
				throw new PayloadRefusedException(RejectionReason.DUPLICATE);
			}
			byte[] plaintext = message.open(key);
			this.changes.add(nonceUsed(message, writtenBy));
			return plaintext;
		}
		catch (AEADBadTagException ex) {
			throw new PayloadRefusedException(RejectionReason.UNDECRYPTABLE);
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	/**
	 * Encrypts a message to all members.
	 * @param conversationId the group's conversation
	 * @param plaintext the plaintext
	 * @return the group message
	 * @throws GroupKeyException if there is no key of the group
	 */
	byte[] encrypt(String conversationId, byte[] plaintext) {
		GroupKey key = writingKey(conversationId);
		if (key == null) {
			throw new GroupKeyException(
					"No member of the group " + conversationId + " has given this agent a key, so"
							+ " nothing can be written to it: have a member write first, or add the agent to the group",
					null);
		}
		try {
			GroupMessage message = GroupMessage.seal(key, plaintext, this.random);
			// Else the relay could replay a message of the agent as one of a member.
			this.changes.add(nonceUsed(message, null));
			return message.toJson();
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	private @Nullable GroupKey key(GroupKeyId id) {
		for (GroupKeys.Opened opened : this.newKeys) {
			if (id.names(opened.key())) {
				return copy(opened.key());
			}
		}
		return this.store.groupKey(id.conversationId(), id.keyId(), id.epoch());
	}

	private @Nullable GroupKey writingKey(String conversationId) {
		List<KnownGroupKey> keys = new ArrayList<>(this.store.groupKeys(conversationId));
		this.newKeys.forEach((opened) -> keys.add(opened.known()));
		KnownGroupKey chosen = WritingKey.choose(keys);
		if (chosen == null) {
			return null;
		}
		keys.stream()
			.filter((key) -> key.epoch() > chosen.epoch())
			.forEach((key) -> this.groupKeys.passedOver(conversationId, key));
		return key(new GroupKeyId(conversationId, chosen.keyId(), chosen.epoch()));
	}

	/** The copy in use is overwritten later, the one to be committed must not be. */
	private static GroupKey copy(GroupKey key) {
		return new GroupKey(key.conversationId(), key.keyId(), key.epoch(), key.key().clone());
	}

	private static Change nonceUsed(GroupMessage message, @Nullable String writtenBy) {
		return new Change.GroupNonceUsed(message.conversationId(), message.keyId(), message.epoch(), message.nonce(),
				writtenBy);
	}

	/**
	 * What has changed so far.
	 * @return the changes, to be committed together
	 */
	List<Change> changes() {
		return List.copyOf(this.changes);
	}

	/**
	 * Notifies that the changes are committed.
	 */
	void committed() {
		this.groupKeys.added(this.newKeys);
	}

}
