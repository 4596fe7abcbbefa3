package com.pacerelle.client.encryption;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import com.pacerelle.client.wire.ConversationKey;

/**
 * Keeps the steps of one conversation that read and change its sessions and keys apart:
 * messages that come in, replies, and what the application sends. The group and each of
 * its members share the lock of their conversation, because the keys of a group come over
 * the sessions of its members. The number of locks is fixed, so that memory does not
 * grow. No thread holds two, or waits for the network while it holds one, so that there
 * is no deadlock.
 */
final class ConversationLocks {

	private final Lock[] locks = new Lock[256];

	ConversationLocks() {
		for (int i = 0; i < this.locks.length; i++) {
			this.locks[i] = new ReentrantLock();
		}
	}

	/**
	 * The lock of a conversation, whoever it is with. It is held while its changes are
	 * committed, never while application code runs.
	 * @param conversation the conversation
	 * @return a lock that other conversations may share
	 */
	Lock of(ConversationKey conversation) {
		return this.locks[index(conversation)];
	}

	/**
	 * The locks of conversations.
	 * @param conversations the conversations
	 * @return the locks in the order in which they are taken, each once
	 */
	List<Lock> of(Collection<ConversationKey> conversations) {
		return conversations.stream().map(this::index).distinct().sorted().map((index) -> this.locks[index]).toList();
	}

	private int index(ConversationKey conversation) {
		int hash = conversation.conversationId().hashCode();
		return (hash ^ (hash >>> 16)) & (this.locks.length - 1);
	}

}
