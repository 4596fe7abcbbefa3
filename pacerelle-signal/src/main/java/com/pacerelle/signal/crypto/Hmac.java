package com.pacerelle.signal.crypto;

import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 (RFC 2104). It comes from the JDK, whose SHA-256 uses the processor's
 * instructions.
 */
public final class Hmac {

	private static final String ALGORITHM = "HmacSHA256";

	private static final Mac PROTOTYPE = prototype();

	private Hmac() {
	}

	/**
	 * Computes the HMAC-SHA256 of the concatenated {@code parts}.
	 * @param key the key, not empty
	 * @param parts the parts of the message in their order
	 * @return 32 bytes
	 */
	public static byte[] sha256(byte[] key, byte[]... parts) {
		Mac mac = keyed(key);
		for (byte[] part : parts) {
			mac.update(part);
		}
		return mac.doFinal();
	}

	static Mac keyed(byte[] key) {
		try {
			// A clone spares the provider look-up, which costs more than the hash.
			Mac mac = (Mac) PROTOTYPE.clone();
			mac.init(new SecretKeySpec(key, ALGORITHM));
			return mac;
		}
		catch (CloneNotSupportedException | GeneralSecurityException ex) {
			throw new IllegalStateException("The JDK's HmacSHA256 is not usable", ex);
		}
	}

	private static Mac prototype() {
		try {
			return Mac.getInstance(ALGORITHM);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The JDK has no HmacSHA256", ex);
		}
	}

}
