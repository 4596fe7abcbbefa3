package com.pacerelle.client;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.history.ConversationHistory;
import com.pacerelle.client.history.HistoryContext;
import com.pacerelle.client.history.HistoryRecord;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.HistoryKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of archives in one unit of work: those that people deliver, and what the agent
 * puts into an archive with them (gateway.md section 6).
 */
final class HistoryKeys {

	private final AgentStore store;

	private final String agentId;

	private final SecureRandom random;

	private final List<Change> changes = new ArrayList<>();

	HistoryKeys(AgentStore store, String agentId, SecureRandom random) {
		this.store = store;
		this.agentId = agentId;
		this.random = random;
	}

	/**
	 * Takes a plaintext out of the wrapper that delivers a key.
	 * @param conversationId the conversation
	 * @param text the plaintext, with or without a wrapper
	 * @return the plaintext without one
	 * @throws PayloadRefusedException if the wrapper is not valid, or delivers another
	 * key than the known one
	 */
	String unwrap(String conversationId, String text) throws PayloadRefusedException {
		ObjectNode payload = GatewayJson.readObject(text);
		if (payload == null || !HistoryDelivery.isDelivery(payload)) {
			return text;
		}
		HistoryDelivery delivery = HistoryDelivery.read(payload);
		if (!HistoryContext.isIdentifier(conversationId)) {
			// No record could be made, and so nothing be sent there any more.
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		HistoryKey known = this.store.historyKey(conversationId);
		if (known == null) {
			this.changes.add(new Change.HistoryKeyDelivered(conversationId, delivery.key()));
		}
		else if (!isSame(known, delivery.key())) {
			throw new PayloadRefusedException(RejectionReason.HISTORY_KEY_CHANGED);
		}
		return delivery.body();
	}

	private static boolean isSame(HistoryKey known, HistoryKey other) {
		return known.keyId().equals(other.keyId()) && known.epoch() == other.epoch()
				&& MessageDigest.isEqual(known.key(), other.key());
	}

	/**
	 * Makes the record of a message that the agent sends.
	 * @param conversationId the conversation
	 * @param messageId the message
	 * @param plaintext its plaintext
	 * @return the record, or {@code null} if the conversation has no archive
	 */
	@Nullable HistoryRecord seal(String conversationId, String messageId, String plaintext) {
		HistoryKey key = this.store.historyKey(conversationId);
		if (key == null) {
			return null;
		}
		try (ConversationHistory history = new ConversationHistory(key.key(), this.random)) {
			return history.seal(plaintext, new HistoryContext(conversationId, messageId, this.agentId,
					HistoryContext.SenderType.AGENT, key.keyId(), key.epoch()));
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	/**
	 * What has changed so far.
	 * @return the changes, to be committed together
	 */
	List<Change> changes() {
		return List.copyOf(this.changes);
	}

}
