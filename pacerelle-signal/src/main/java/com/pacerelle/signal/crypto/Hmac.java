package com.pacerelle.signal.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA256 (RFC 2104) over the JDK's SHA-256, which uses the processor's instructions.
 * The JDK's own HMAC takes more than twice as long for messages as short as those of a
 * chain, of which a single frame may ask for thousands. Closing erases the key.
 */
public final class Hmac implements AutoCloseable {

	private static final MessageDigest PROTOTYPE = prototype();

	private static final int BLOCK_LENGTH = 64;

	private static final int HASH_LENGTH = 32;

	private final MessageDigest digest = copyOfPrototype();

	private final byte[] innerPad = new byte[BLOCK_LENGTH];

	/** With room for the inner hash. */
	private final byte[] outer = new byte[BLOCK_LENGTH + HASH_LENGTH];

	/**
	 * Starts a first message.
	 * @param key the key, not empty
	 */
	Hmac(byte[] key) {
		init(key);
	}

	/**
	 * Computes the HMAC-SHA256 of the concatenated {@code parts}.
	 * @param key the key, not empty
	 * @param parts the parts of the message in their order
	 * @return 32 bytes
	 */
	public static byte[] sha256(byte[] key, byte[]... parts) {
		try (Hmac hmac = new Hmac(key)) {
			for (byte[] part : parts) {
				hmac.update(part);
			}
			byte[] mac = new byte[HASH_LENGTH];
			hmac.doFinal(mac, 0);
			return mac;
		}
	}

	/**
	 * Computes an HMAC-SHA256, then one of the same message with the first as its key,
	 * and so on.
	 * @param key the first key, 32 bytes
	 * @param message the message
	 * @param times how often
	 * @return the last one, 32 bytes, or a copy of the key
	 */
	public static byte[] iterate(byte[] key, byte[] message, int times) {
		byte[] current = key.clone();
		try (Hmac hmac = new Hmac(current)) {
			for (int i = 0; i < times; i++) {
				hmac.init(current);
				hmac.update(message);
				hmac.doFinal(current, 0);
			}
			return current;
		}
	}

	/**
	 * Starts a message with another key.
	 * @param key the key, not empty
	 */
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

	/**
	 * Starts a message with the same key.
	 */
	void restart() {
		this.digest.reset();
		this.digest.update(this.innerPad);
	}

	void update(byte[] part) {
		this.digest.update(part);
	}

	void update(byte[] array, int offset, int length) {
		this.digest.update(array, offset, length);
	}

	void update(byte part) {
		this.digest.update(part);
	}

	/**
	 * Ends the message.
	 * @param output takes 32 bytes
	 * @param offset where to put them
	 */
	void doFinal(byte[] output, int offset) {
		try {
			this.digest.digest(this.outer, BLOCK_LENGTH, HASH_LENGTH);
			this.digest.update(this.outer);
			this.digest.digest(output, offset, HASH_LENGTH);
		}
		catch (DigestException ex) {
			throw new IllegalStateException("The JDK's SHA-256 is not usable", ex);
		}
	}

	@Override
	public void close() {
		Arrays.fill(this.innerPad, (byte) 0);
		Arrays.fill(this.outer, (byte) 0);
		this.digest.reset();
	}

	private static MessageDigest copyOfPrototype() {
		try {
			// A clone spares the provider look-up, which costs more than the hash.
			return (MessageDigest) PROTOTYPE.clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException("The JDK's SHA-256 is not usable", ex);
		}
	}

	private static MessageDigest prototype() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("The JDK has no SHA-256", ex);
		}
	}

}
