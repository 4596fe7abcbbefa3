package com.pacerelle.dev;

import java.security.SecureRandom;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;

/**
 * The identity of a person's device, the same in all its conversations. Safe for use by
 * several threads.
 */
final class Device {

	private final SecureRandom random;

	private volatile Identity identity;

	Device(SecureRandom random) {
		this.random = random;
		this.identity = newIdentity();
	}

	Identity identity() {
		return this.identity;
	}

	/** Its sessions end with the identity that they belong to. */
	void renewIdentity() {
		this.identity = newIdentity();
	}

	private Identity newIdentity() {
		return new Identity(EcKeyPair.generate(this.random), 1 + this.random.nextInt(16380));
	}

	record Identity(EcKeyPair keyPair, int registrationId) {

		InMemorySignalStore newStore() {
			return new InMemorySignalStore(this.keyPair, this.registrationId);
		}

		@Override
		public String toString() {
			return "Identity[registrationId=" + this.registrationId + "]";
		}

	}

}
