package com.pacerelle.signal.crypto;

import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The HMAC-SHA256 of a JCA provider, which keeps copies of the key that only the garbage
 * collector removes.
 */
final class MacHmac extends Hmac {

	static final String ALGORITHM = "HmacSHA256";

	private final Mac mac;

	MacHmac(Mac mac) {
		this.mac = mac;
	}

	@Override
	void init(byte[] key) {
		try {
			this.mac.init(new SecretKeySpec(key, ALGORITHM));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The provider's HMAC is not usable", ex);
		}
	}

	@Override
	void restart() {
		this.mac.reset();
	}

	@Override
	void update(byte[] array, int offset, int length) {
		this.mac.update(array, offset, length);
	}

	@Override
	void update(byte part) {
		this.mac.update(part);
	}

	@Override
	void doFinal(byte[] output, int offset) {
		try {
			this.mac.doFinal(output, offset);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The provider's HMAC is not usable", ex);
		}
	}

	@Override
	public void close() {
		this.mac.reset();
	}

}
