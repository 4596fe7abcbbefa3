package com.pacerelle.client.encryption;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

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

	private final HeldMessages held;

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
	 * @param committing commits messages whose handlers take long; may block
	 */
	public PayloadCiphers(AgentGatewaySettings settings, AgentStore store, GroupKeys groupKeys, Identities identities,
			Runnable preKeyListener, Events events, SecureRandom random, Clock clock, Scheduler committing) {
		this.settings = settings;
		this.store = store;
		this.groupKeys = groupKeys;
		this.identities = identities;
		this.preKeyListener = preKeyListener;
		this.events = events;
		this.budget = new FailureBudget(clock);
		this.random = random;
		this.clock = clock;
		this.held = new HeldMessages(store, this.locks, committing);
	}

	/**
	 * Locks a conversation, whoever it is with, and commits the message that is held in
	 * it. The lock is kept from the start of a unit of work until its changes are
	 * committed, never while application code runs.
	 * @param conversation the conversation
	 * @return a lock that the caller holds, and that other conversations may share
	 * @throws com.pacerelle.client.store.StoreException if a held message cannot be
	 * committed; nothing is locked then
	 */
	public Lock lock(ConversationKey conversation) {
		return lock(conversation, () -> this.held.settle(conversation));
	}

	/**
	 * Locks the conversation of a message in order to answer it, as above; if the message
	 * itself is held, it stays so.
	 * @param message the message
	 * @return a lock that the caller holds
	 */
	public Lock lockToAnswer(InboundMessage message) {
		return lock(message.conversation(), () -> this.held.settleUnless(message));
	}

	/**
	 * Locks several conversations at once, as above.
	 * @param conversations the conversations
	 * @param answered a message that is answered in one of them and stays held if it is,
	 * or {@code null}
	 * @return locks that the caller holds
	 */
	public List<Lock> lockAll(Collection<ConversationKey> conversations, @Nullable InboundMessage answered) {
		List<Lock> locks = this.locks.of(conversations);
		locks.forEach(Lock::lock);
		try {
			for (ConversationKey conversation : conversations) {
				if (answered != null && answered.conversation().equals(conversation)) {
					this.held.settleUnless(answered);
				}
				else {
					this.held.settle(conversation);
				}
			}
			return locks;
		}
		catch (RuntimeException | Error ex) {
			locks.forEach(Lock::unlock);
			throw ex;
		}
	}

	private Lock lock(ConversationKey conversation, Runnable settling) {
		Lock lock = this.locks.of(conversation);
		lock.lock();
		try {
			settling.run();
			return lock;
		}
		catch (RuntimeException | Error ex) {
			lock.unlock();
			throw ex;
		}
	}

	/**
	 * Has a message handled before it is committed: what answers it soon is committed
	 * together with it. The lock of the conversation is held.
	 * @param message the message, and how it is committed if nothing answers it soon
	 * @return whether it is held; if not, the caller commits it
	 */
	public boolean hold(HeldMessage message) {
		return this.held.hold(message);
	}

	/**
	 * Whether another conversation has a message with the same id, which is held.
	 * @param message the message
	 * @return whether it has
	 */
	public boolean isHeldElsewhere(InboundMessage message) {
		return this.held.isHeldElsewhere(message);
	}

	/**
	 * Goes on with a message that is held. The lock of the conversation is held.
	 * @param message the message
	 * @return its unit of work, which the caller commits or drops, or {@code null} if the
	 * message is committed already
	 */
	public @Nullable HeldMessage resume(InboundMessage message) {
		return this.held.take(message);
	}

	/**
	 * Commits the message that is held in a conversation.
	 * @param conversation the conversation
	 * @throws com.pacerelle.client.store.StoreException if it cannot be committed
	 */
	public void settle(ConversationKey conversation) {
		lock(conversation).unlock();
	}

	/**
	 * Forgets an identity of a person, with its sessions, one conversation after the
	 * other. Blocks.
	 * @param userId the person
	 * @param verificationCode the code of the identity
	 * @throws IllegalArgumentException if the person has no such identity
	 */
	public void forget(String userId, String verificationCode) {
		List<KnownIdentity> identities = this.identities.find(userId, verificationCode);
		for (KnownIdentity identity : identities) {
			ConversationKey person = new ConversationKey(userId, identity.conversationId());
			Lock lock = lock(person);
			try {
				this.store.commitAndWait(List.of(new Change.IdentityForgotten(identity,
						List.of(PeerSessions.address(person, identity.deviceId()), PeerSessions.address(person, null)),
						this.clock.instant())));
			}
			finally {
				lock.unlock();
			}
		}
		this.identities.forgotten(identities.get(0));
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
