package com.pacerelle.signal.ratchet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.crypto.Primitives;

/**
 * The keys of one message (signal.md sections 2, 7.1). Closing erases them; the
 * provider's cipher has copies which only the garbage collector removes.
 *
 * @param cipherKey 32 bytes
 * @param macKey 32 bytes
 * @param iv 16 bytes
 */
public record MessageKeys(byte[] cipherKey, byte[] macKey, byte[] iv) implements AutoCloseable {

	/** The length of a MAC in bytes. */
	public static final int MAC_LENGTH = 8;

	/** A ciphertext is a multiple of it in bytes. */
	public static final int BLOCK_LENGTH = 16;

	private static final byte[] INFO = "WhisperMessageKeys".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Derives the keys of a message: {@code HKDF(salt = pqrKey, seed,
	 * "WhisperMessageKeys", 80)}, split into cipher key, MAC key and IV.
	 * @param seed the message's seed of the Double Ratchet
	 * @param pqrKey the message's key of SPQR
	 * @return the keys
	 */
	public static MessageKeys derive(byte[] seed, byte[] pqrKey) {
		byte[] derived = Hkdf.derive(pqrKey, seed, INFO, 80);
		try {
			return new MessageKeys(Arrays.copyOfRange(derived, 0, 32), Arrays.copyOfRange(derived, 32, 64),
					Arrays.copyOfRange(derived, 64, 80));
		}
		finally {
			Arrays.fill(derived, (byte) 0);
		}
	}

	/**
	 * Computes the MAC of a message on the wire: the first 8 bytes of
	 * {@code HMAC(macKey, sender || receiver || version || body)} (signal.md section
	 * 9.2).
	 * @param sender the sender's identity
	 * @param receiver the receiver's identity
	 * @param version the message's first byte
	 * @param body what follows it, up to the MAC
	 * @return 8 bytes
	 */
	public byte[] mac(EcPublicKey sender, EcPublicKey receiver, byte version, byte[] body) {
		byte[] mac = Hmac.sha256(this.macKey, sender.encode(), receiver.encode(), new byte[] { version }, body);
		return Arrays.copyOf(mac, MAC_LENGTH);
	}

	/**
	 * Encrypts a message with AES-256-CBC and PKCS#7 padding.
	 * @param plaintext the plaintext
	 * @return the ciphertext, 1 to 16 bytes longer
	 */
	public byte[] encrypt(byte[] plaintext) {
		try {
			return cipher(Cipher.ENCRYPT_MODE).doFinal(plaintext);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The provider's AES is not usable", ex);
		}
	}

	/**
	 * Decrypts a ciphertext whose MAC is good.
	 * @param ciphertext the ciphertext
	 * @return the plaintext
	 * @throws InvalidMessageException if its length or padding is wrong
	 */
	public byte[] decrypt(byte[] ciphertext) {
		if (ciphertext.length == 0) {
			throw new InvalidMessageException("The ciphertext is empty");
		}
		try {
			return cipher(Cipher.DECRYPT_MODE).doFinal(ciphertext);
		}
		catch (GeneralSecurityException ex) {
			throw new InvalidMessageException("The ciphertext has a wrong length or padding", ex);
		}
	}

	@Override
	public void close() {
		Arrays.fill(this.cipherKey, (byte) 0);
		Arrays.fill(this.macKey, (byte) 0);
		Arrays.fill(this.iv, (byte) 0);
	}

	private Cipher cipher(int mode) throws GeneralSecurityException {
		Cipher cipher = Primitives.current().aesCbc();
		cipher.init(mode, new SecretKeySpec(this.cipherKey, "AES"), new IvParameterSpec(this.iv));
		return cipher;
	}

}
