package com.pacerelle.signal.crypto;

/**
 * HMAC-SHA256 (RFC 2104) of the provider that was chosen. Closing erases the key.
 */
public abstract sealed class Hmac implements AutoCloseable permits DigestHmac, MacHmac {

	static final int LENGTH = 32;

	/**
	 * Starts a first message.
	 * @param key the key, not empty
	 * @return the HMAC
	 */
	static Hmac of(byte[] key) {
		Hmac hmac = Primitives.current().hmac();
		hmac.init(key);
		return hmac;
	}

	/**
	 * Computes the HMAC-SHA256 of the concatenated {@code parts}.
	 * @param key the key, not empty
	 * @param parts the parts of the message in their order
	 * @return 32 bytes
	 */
	public static byte[] sha256(byte[] key, byte[]... parts) {
		try (Hmac hmac = of(key)) {
			for (byte[] part : parts) {
				hmac.update(part);
			}
			byte[] mac = new byte[LENGTH];
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
		try (Hmac hmac = of(current)) {
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
	abstract void init(byte[] key);

	/**
	 * Starts a message with the same key.
	 */
	abstract void restart();

	final void update(byte[] part) {
		update(part, 0, part.length);
	}

	abstract void update(byte[] array, int offset, int length);

	abstract void update(byte part);

	/**
	 * Ends the message.
	 * @param output takes 32 bytes
	 * @param offset where to put them
	 */
	abstract void doFinal(byte[] output, int offset);

	@Override
	public abstract void close();

}
