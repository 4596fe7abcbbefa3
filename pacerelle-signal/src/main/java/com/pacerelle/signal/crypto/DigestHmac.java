package com.pacerelle.signal.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * HMAC-SHA256 over a provider's SHA-256. That of the JDK uses the processor's
 * instructions, while the JDK's own HMAC takes more than twice as long for messages as
 * short as those of a chain, of which a single frame may ask for thousands.
 */
final class DigestHmac extends Hmac {

	static final String ALGORITHM = "SHA-256";

	private static final int BLOCK_LENGTH = 64;

	private final MessageDigest digest;

	private final byte[] innerPad = new byte[BLOCK_LENGTH];

	/** With room for the inner hash. */
	private final byte[] outer = new byte[BLOCK_LENGTH + LENGTH];

	DigestHmac(MessageDigest digest) {
		this.digest = digest;
	}

	@Override
	void init(byte[] key) {
		byte[] block = (key.length > BLOCK_LENGTH) ? this.digest.digest(key) : key;
		// Two loops without a branch, of which each becomes a few vector instructions.
		for (int i = 0; i < block.length; i++) {
			this.innerPad[i] = (byte) (block[i] ^ 0x36);
		}
		for (int i = 0; i < block.length; i++) {
			this.outer[i] = (byte) (block[i] ^ 0x5C);
		}
		Arrays.fill(this.innerPad, block.length, BLOCK_LENGTH, (byte) 0x36);
		Arrays.fill(this.outer, block.length, BLOCK_LENGTH, (byte) 0x5C);
		restart();
	}

	@Override
	void restart() {
		this.digest.reset();
		this.digest.update(this.innerPad);
	}

	@Override
	void update(byte[] array, int offset, int length) {
		this.digest.update(array, offset, length);
	}

	@Override
	void update(byte part) {
		this.digest.update(part);
	}

	@Override
	void doFinal(byte[] output, int offset) {
		try {
			this.digest.digest(this.outer, BLOCK_LENGTH, LENGTH);
			this.digest.update(this.outer);
			this.digest.digest(output, offset, LENGTH);
		}
		catch (DigestException ex) {
			throw new IllegalStateException("The provider's SHA-256 is not usable", ex);
		}
	}

	@Override
	public void close() {
		Arrays.fill(this.innerPad, (byte) 0);
		Arrays.fill(this.outer, (byte) 0);
		this.digest.reset();
	}

}
