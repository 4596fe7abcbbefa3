package com.pacerelle.client.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import org.jspecify.annotations.Nullable;

/**
 * Seals the tokens of installations. Several processes write them, and few are written: a
 * key is derived from each of the application's, and nonces are random.
 */
final class InstallationSeal {

	private static final byte[] LABEL = "Pacerelle installation tokens".getBytes(StandardCharsets.US_ASCII);

	private final @Nullable EncryptionKeys keys;

	private final SecureRandom random;

	InstallationSeal(@Nullable EncryptionKeys keys, SecureRandom random) {
		this.keys = keys;
		this.random = random;
	}

	Sealed seal(String application, String agentId, String token) {
		byte[] clear = token.getBytes(StandardCharsets.UTF_8);
		if (this.keys == null) {
			return new Sealed(null, clear);
		}
		EncryptionKey key = this.keys.current();
		byte[] nonce = new byte[SealedValue.NONCE_LENGTH];
		this.random.nextBytes(nonce);
		return new Sealed(key.id(),
				SealedValue.seal(derive(key), nonce, associatedData(key.id(), application, agentId), clear));
	}

	String open(String application, String agentId, Sealed sealed) {
		String keyId = sealed.keyId();
		if (keyId == null) {
			return new String(sealed.token(), StandardCharsets.UTF_8);
		}
		EncryptionKey key = (this.keys != null) ? this.keys.find(keyId) : null;
		if (key == null) {
			throw new EncryptionKeyException("The installation of agent '" + agentId
					+ "' is encrypted with the key with the id '" + keyId + "', which is not among the given ones",
					null);
		}
		try {
			return new String(
					SealedValue.open(derive(key), associatedData(keyId, application, agentId), sealed.token()),
					StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException ex) {
			throw new EncryptionKeyException("The installation of agent '" + agentId
					+ "' is encrypted, and the key with the id '" + keyId + "' does not open it", ex);
		}
	}

	boolean isCurrent(Sealed sealed) {
		return this.keys == null || this.keys.current().id().equals(sealed.keyId());
	}

	private static SecretKey derive(EncryptionKey key) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key.key(), "HmacSHA256"));
			return new SecretKeySpec(mac.doFinal(LABEL), "AES");
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The JDK has no HMAC with SHA-256", ex);
		}
	}

	/** Bound to its row. No part of it has a zero. */
	private static byte[] associatedData(String keyId, String application, String agentId) {
		return String.join("\0", keyId, application, agentId).getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What is stored of a token.
	 *
	 * @param keyId the key that sealed it, {@code null} if it is not sealed
	 * @param token the token
	 */
	record Sealed(@Nullable String keyId, byte[] token) {

		@Override
		public String toString() {
			return "Sealed[keyId=" + this.keyId + "]";
		}

	}

}
