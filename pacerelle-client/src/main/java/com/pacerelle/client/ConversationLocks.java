package com.pacerelle.client;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the steps of one conversation that read and change its sessions apart: messages
 * that come in, replies, and what the application sends. A fixed number of locks, so that
 * nothing grows; nobody holds two at a time, so that nothing deadlocks.
 */
final class ConversationLocks {

	private final Lock[] locks = new Lock[256];

	ConversationLocks() {
		for (int i = 0; i < this.locks.length; i++) {
			this.locks[i] = new ReentrantLock();
		}
	}

	/**
	 * The lock of a conversation. It is held while its changes are committed, never while
	 * application code runs.
	 * @param conversation the conversation
	 * @return a lock that other conversations may share
	 */
	Lock of(ConversationKey conversation) {
		int hash = conversation.hashCode();
		return this.locks[(hash ^ (hash >>> 16)) & (this.locks.length - 1)];
	}

}
