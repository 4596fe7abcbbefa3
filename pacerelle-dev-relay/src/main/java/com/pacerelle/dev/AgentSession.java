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

	private final Device device;

	private Device.Identity identity;

	private InMemorySignalStore store;

	/**
	 * Creates a session.
	 * @param agentId the agent
	 * @param agentKeys what the agent has published
	 * @param device the person's device
	 * @param random the source of keys
	 */
	AgentSession(String agentId, PublishedKeys agentKeys, Device device, SecureRandom random) {
		this.agent = ProtocolAddress.of("agent:" + agentId);
		this.agentKeys = agentKeys;
		this.device = device;
		this.identity = device.identity();
		this.store = this.identity.newStore();
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
		EcPublicKey trusted = store().identity(this.agent);
		return trusted != null && !Objects.equals(trusted, this.agentKeys.identity());
	}

	synchronized void trustNewIdentity() {
		this.store = this.identity.newStore();
	}

	private SessionCipher cipher() {
		return new SessionCipher(store(), this.random, this.clock);
	}

	/** Knows nobody when the device has another identity than before. */
	private InMemorySignalStore store() {
		if (this.identity != this.device.identity()) {
			this.identity = this.device.identity();
			this.store = this.identity.newStore();
		}
		return this.store;
	}

}
