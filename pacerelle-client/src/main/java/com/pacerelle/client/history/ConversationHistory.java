package com.pacerelle.client.history;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.codec.AesGcm;
import com.pacerelle.client.codec.Utf8;

/**
 * Seals messages for the encrypted archive of a conversation, and opens them again
 * (gateway.md section 6). The client seals what the agent sends by itself; this is for
 * applications that read an archive. Safe for use by several threads. Its
 * {@code toString()} has no key.
 */
public final class ConversationHistory implements AutoCloseable {

	private final byte[] key;

	private final SecureRandom random;

	/**
	 * Creates the archive of one history key.
	 * @param key the AES key, 32 bytes; copied
	 * @throws IllegalArgumentException if the key has another length
	 */
	public ConversationHistory(byte[] key) {
		this(key, new SecureRandom());
	}

	/**
	 * Creates the archive of one history key.
	 * @param key the AES key, 32 bytes; copied
	 * @param random the source of nonces
	 * @throws IllegalArgumentException if the key has another length
	 */
	public ConversationHistory(byte[] key, SecureRandom random) {
		if (key.length != AesGcm.KEY_SIZE) {
			throw new IllegalArgumentException("'key' must have " + AesGcm.KEY_SIZE + " bytes");
		}
		this.key = key.clone();
		this.random = random;
	}

	/**
	 * Encrypts a message.
	 * @param plaintext the payload of the message
	 * @param context which message it is
	 * @return the record
	 */
	public HistoryRecord seal(String plaintext, HistoryContext context) {
		byte[] nonce = new byte[AesGcm.NONCE_SIZE];
		this.random.nextBytes(nonce);
		byte[] ciphertext = AesGcm.encrypt(this.key, nonce, context.additionalData(),
				plaintext.getBytes(StandardCharsets.UTF_8));
		Base64.Encoder base64 = Base64.getEncoder();
		return new HistoryRecord(context.keyId(), context.epoch(), base64.encodeToString(nonce),
				base64.encodeToString(ciphertext), HistoryRecord.VERSION);
	}

	/**
	 * Decrypts a message.
	 * @param record the record
	 * @param context which message was asked for
	 * @return the payload of the message
	 * @throws InvalidHistoryRecordException if the record is not the one of that message
	 */
	public String open(HistoryRecord record, HistoryContext context) {
		if (record.aadVersion() != HistoryRecord.VERSION) {
			throw new InvalidHistoryRecordException("The record has an unknown version");
		}
		if (!record.keyId().equals(context.keyId()) || record.epoch() != context.epoch()) {
			throw new InvalidHistoryRecordException("The record was made with another key or epoch than expected");
		}
		byte[] nonce = decode(record.ivB64());
		byte[] ciphertext = decode(record.ciphertextB64());
		if (nonce.length != AesGcm.NONCE_SIZE || ciphertext.length < AesGcm.TAG_SIZE) {
			throw new InvalidHistoryRecordException("The record's nonce or tag has the wrong length");
		}
		String plaintext;
		try {
			plaintext = Utf8.decode(AesGcm.decrypt(this.key, nonce, context.additionalData(), ciphertext));
		}
		catch (AEADBadTagException ex) {
			plaintext = null;
		}
		if (plaintext == null) {
			throw new InvalidHistoryRecordException("The record is damaged, forged or of another message");
		}
		return plaintext;
	}

	private static byte[] decode(String base64) {
		try {
			return Base64.getDecoder().decode(base64);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidHistoryRecordException("The record is not valid Base64");
		}
	}

	/**
	 * Overwrites the key; the archive is of no use any more.
	 */
	@Override
	public void close() {
		Arrays.fill(this.key, (byte) 0);
	}

	@Override
	public String toString() {
		return "ConversationHistory[]";
	}

}
