package com.pacerelle.client.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that seals a store. Its {@code toString()} has no key.
 *
 * @param id names the key in the store; not secret
 * @param key the AES key, 32 bytes; secret
 */
public record EncryptionKey(String id, byte[] key) {

	private static final int KEY_LENGTH = 32;

	private static final int FINGERPRINT_LENGTH = 8;

	private static final byte[] FINGERPRINT_LABEL = "Pacerelle store key id".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Checks the key.
	 */
	public EncryptionKey {
		if (key.length != KEY_LENGTH) {
			throw new IllegalArgumentException("An encryption key has 32 bytes, not " + key.length);
		}
		if (id.isEmpty()) {
			throw new IllegalArgumentException("An encryption key has an id");
		}
		key = key.clone();
	}

	/**
	 * A key whose id is a fingerprint that is derived from it.
	 * @param key the AES key, 32 bytes
	 * @return the key with its id
	 */
	public static EncryptionKey of(byte[] key) {
		return new EncryptionKey(fingerprint(key), key);
	}

	@Override
	public byte[] key() {
		return this.key.clone();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof EncryptionKey that && this.id.equals(that.id) && Arrays.equals(this.key, that.key);
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	@Override
	public String toString() {
		return "EncryptionKey[id=" + this.id + "]";
	}

	private static String fingerprint(byte[] key) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return HexFormat.of().formatHex(mac.doFinal(FINGERPRINT_LABEL), 0, FINGERPRINT_LENGTH);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The JDK has no HMAC with SHA-256", ex);
		}
	}

}
