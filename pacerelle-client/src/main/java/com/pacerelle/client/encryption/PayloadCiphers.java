package com.pacerelle.client.encryption;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.wire.ConversationKey;

/**
 * Starts units of work in which payloads are encrypted and decrypted, and keeps those of
 * one conversation apart.
 */
public final class PayloadCiphers {

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final GroupKeys groupKeys;

	private final Identities identities;

	private final Runnable preKeyListener;

	private final Events events;

	private final FailureBudget budget;

	private final SecureRandom random;

	private final Clock clock;

	private final ConversationLocks locks = new ConversationLocks();

	/**
	 * Creates the ciphers of a client.
	 * @param settings whose messages are encrypted, and whether
	 * @param store where keys and sessions are
	 * @param groupKeys gets the keys of groups
	 * @param identities judges the identities of people
	 * @param preKeyListener called when a one-time prekey was used
	 * @param events told about peers of which many messages are forged
	 * @param random the source of all keys
	 * @param clock tells the time
	 */
	public PayloadCiphers(AgentGatewaySettings settings, AgentStore store, GroupKeys groupKeys, Identities identities,
			Runnable preKeyListener, Events events, SecureRandom random, Clock clock) {
		this.settings = settings;
		this.store = store;
		this.groupKeys = groupKeys;
		this.identities = identities;
		this.preKeyListener = preKeyListener;
		this.events = events;
		this.budget = new FailureBudget(clock);
		this.random = random;
		this.clock = clock;
	}

	/**
	 * The lock of a conversation, whoever it is with. It is held from the start of a unit
	 * of work until its changes are committed, never while application code runs.
	 * @param conversation the conversation
	 * @return a lock that other conversations may share
	 */
	public Lock lockOf(ConversationKey conversation) {
		return this.locks.of(conversation);
	}

	/**
	 * Fetches what the relay has for whoever writes to a conversation. Blocks for the
	 * network: no lock may be held.
	 * @param conversation the conversation
	 * @return the new keys of a group, which reflect its present members
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	public List<GroupKeyEnvelope> fetchToWrite(ConversationKey conversation) {
		return (conversation.isGroup() && this.settings.encrypted()) ? fetchMissing(conversation) : List.of();
	}

	/**
	 * Fetches the keys of a group that the agent does not have. Blocks for the network:
	 * no lock may be held.
	 * @param group the group
	 * @return its new keys
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	public List<GroupKeyEnvelope> fetchMissing(ConversationKey group) {
		return this.groupKeys.fetch(group.conversationId());
	}

	/**
	 * Starts a unit of work. The lock of the conversation is held.
	 * @param envelopes keys that the relay had
	 * @return the unit of work
	 */
	public PayloadCipher start(List<GroupKeyEnvelope> envelopes) {
		PeerSessions sessions = new PeerSessions(this.store, this.identities, this.budget, this.events, this.random,
				this.clock);
		GroupCipher groups = new GroupCipher(this.store, this.groupKeys, this.groupKeys.open(envelopes, sessions),
				this.random);
		HistoryKeys historyKeys = new HistoryKeys(this.store, this.settings.agentId(), this.random, this.clock);
		return new PayloadCipher(sessions, groups, historyKeys, this.settings.encrypted(), this.preKeyListener);
	}

}
