package com.pacerelle.dev;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StaleSessionException;
import com.pacerelle.signal.session.SessionCipher;

/**
 * The encrypted session of a person with the agent. It starts with the first message.
 * Safe for use by several threads.
 */
final class AgentSession {

	private final ProtocolAddress agent;

	private final PublishedKeys agentKeys;

	private final SecureRandom random;

	private final Clock clock = Clock.systemUTC();

	private InMemorySignalStore store;

	/**
	 * Creates a session.
	 * @param agentId the agent
	 * @param agentKeys what the agent has published
	 * @param store has the identity of the person's device, and nothing else yet
	 * @param random the source of keys
	 */
	AgentSession(String agentId, PublishedKeys agentKeys, InMemorySignalStore store, SecureRandom random) {
		this.agent = ProtocolAddress.of("agent:" + agentId);
		this.agentKeys = agentKeys;
		this.store = store;
		this.random = random;
	}

	/**
	 * Encrypts a message.
	 * @throws IllegalStateException if the agent has not published its keys yet
	 * @throws AgentIdentityChangedException if the agent has another identity than before
	 */
	synchronized byte[] encrypt(byte[] plaintext) {
		if (identityChanged()) {
			throw new AgentIdentityChangedException();
		}
		SessionCipher cipher = cipher();
		byte[] payload = encrypt(cipher, plaintext);
		this.store.commit(cipher.changes());
		return payload;
	}

	private byte[] encrypt(SessionCipher cipher, byte[] plaintext) {
		try {
			return cipher.encrypt(this.agent, plaintext);
		}
		catch (NoSessionException | StaleSessionException ex) {
			PreKeyBundle bundle = this.agentKeys.take();
			if (bundle == null) {
				throw new IllegalStateException("The agent has not published its keys yet: start it first", ex);
			}
			cipher.process(this.agent, bundle);
			return cipher.encrypt(this.agent, plaintext);
		}
	}

	/**
	 * Decrypts a message.
	 * @throws ProtocolViolationException if that is impossible
	 */
	synchronized byte[] decrypt(byte[] payload) {
		SessionCipher cipher = cipher();
		try {
			byte[] plaintext = cipher.decrypt(this.agent, payload);
			this.store.commit(cipher.changes());
			return plaintext;
		}
		catch (SignalProtocolException ex) {
			throw new ProtocolViolationException("MSG cannot be decrypted: " + ex.getMessage());
		}
	}

	synchronized boolean identityChanged() {
		EcPublicKey trusted = this.store.identity(this.agent);
		return trusted != null && !Objects.equals(trusted, this.agentKeys.identity());
	}

	synchronized void trustNewIdentity() {
		this.store = new InMemorySignalStore(this.store.identityKeyPair(), this.store.registrationId());
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, this.random, this.clock);
	}

}
