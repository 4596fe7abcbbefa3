package com.pacerelle.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over files of any size in little memory (gateway.md section 5.3). Blocks.
 * <p>
 * The JDK's cipher decrypts nothing before it has the tag, and keeps all of a file in
 * memory until then. So the tag is checked the other way round: a plaintext, taken from
 * the ciphertext with the key stream, has the right tag if encrypting it again gives that
 * tag. Only then is the plaintext handed out, in a second pass.
 */
final class FileCipher implements AutoCloseable {

	static final int TAG_SIZE = 16;

	private static final int KEY_SIZE = 32;

	private static final int IV_SIZE = 12;

	/** GCM's counter starts at 1, which masks the tag. */
	private static final int FIRST_BLOCK = 2;

	/** Short enough that the JIT compiler meets the cipher early in a file. */
	private static final int CHUNK_SIZE = 8 * 1024;

	private final byte[] key;

	private final byte[] iv;

	private FileCipher(byte[] key, byte[] iv) {
		this.key = key;
		this.iv = iv;
	}

	/**
	 * Makes a cipher for one new file.
	 * @param random the source of the key
	 * @return the cipher, to be closed
	 */
	static FileCipher generate(SecureRandom random) {
		FileCipher cipher = new FileCipher(new byte[KEY_SIZE], new byte[IV_SIZE]);
		random.nextBytes(cipher.key);
		random.nextBytes(cipher.iv);
		return cipher;
	}

	/**
	 * Makes the cipher of a file that somebody else encrypted.
	 * @param keyB64 the key in Base64
	 * @param ivB64 the initialization vector in Base64
	 * @return the cipher, to be closed
	 * @throws IllegalArgumentException if they are no Base64 or have another length
	 */
	static FileCipher of(String keyB64, String ivB64) {
		FileCipher cipher = new FileCipher(Base64.getDecoder().decode(keyB64), Base64.getDecoder().decode(ivB64));
		if (cipher.key.length != KEY_SIZE || cipher.iv.length != IV_SIZE) {
			cipher.close();
			throw new IllegalArgumentException("The key must have 32 bytes, the initialization vector 12");
		}
		return cipher;
	}

	String keyB64() {
		return Base64.getEncoder().encodeToString(this.key);
	}

	String ivB64() {
		return Base64.getEncoder().encodeToString(this.iv);
	}

	/**
	 * Encrypts a file.
	 * @param plaintext the file
	 * @param ciphertext gets the encrypted file with its tag
	 * @param digest updated with the encrypted file
	 * @param maxSize how many bytes the file may have
	 * @return how many bytes the file has
	 * @throws IllegalArgumentException if it has more
	 * @throws IOException if it cannot be read or written
	 */
	long encrypt(InputStream plaintext, OutputStream ciphertext, MessageDigest digest, long maxSize)
			throws IOException {
		byte[] in = new byte[CHUNK_SIZE];
		byte[] out = new byte[CHUNK_SIZE + TAG_SIZE];
		long size = 0;
		try {
			Cipher gcm = gcm();
			for (int n = plaintext.read(in); n >= 0; n = plaintext.read(in)) {
				size += n;
				if (size > maxSize) {
					throw new IllegalArgumentException("The file is larger than 'files.maxSize', which is " + maxSize
							+ " bytes: send a smaller one, or raise the limit");
				}
				write(ciphertext, digest, out, gcm.update(in, 0, n, out));
			}
			write(ciphertext, digest, out, gcm.doFinal(out, 0));
			return size;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES-GCM", ex);
		}
		finally {
			Arrays.fill(in, (byte) 0);
		}
	}

	private static void write(OutputStream out, MessageDigest digest, byte[] bytes, int length) throws IOException {
		out.write(bytes, 0, length);
		digest.update(bytes, 0, length);
	}

	/**
	 * Checks that a file is what was encrypted with this key.
	 * @param ciphertext the encrypted file with its tag, which is cut off
	 * @throws AEADBadTagException if it is not
	 * @throws IOException if it cannot be read
	 */
	void verify(FileChannel ciphertext) throws AEADBadTagException, IOException {
		long size = ciphertext.size() - TAG_SIZE;
		if (size < 0) {
			throw new AEADBadTagException("There is no tag");
		}
		byte[] in = new byte[CHUNK_SIZE];
		byte[] plaintext = new byte[CHUNK_SIZE];
		byte[] out = new byte[CHUNK_SIZE + TAG_SIZE];
		try {
			Cipher keyStream = keyStream();
			Cipher gcm = gcm();
			for (long position = 0; position < size;) {
				int n = read(ciphertext, position, in, (int) Math.min(CHUNK_SIZE, size - position));
				gcm.update(plaintext, 0, keyStream.update(in, 0, n, plaintext), out);
				position += n;
			}
			int n = gcm.doFinal(out, 0);
			byte[] expected = Arrays.copyOfRange(out, n - TAG_SIZE, n);
			byte[] tag = new byte[TAG_SIZE];
			read(ciphertext, size, tag, TAG_SIZE);
			if (!MessageDigest.isEqual(tag, expected)) {
				throw new AEADBadTagException("The tag is another one");
			}
			ciphertext.truncate(size);
		}
		catch (AEADBadTagException ex) {
			throw ex;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES", ex);
		}
		finally {
			Arrays.fill(plaintext, (byte) 0);
			Arrays.fill(out, (byte) 0);
		}
	}

	private static int read(FileChannel channel, long position, byte[] bytes, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
		while (buffer.hasRemaining()) {
			if (channel.read(buffer, position + buffer.position()) < 0) {
				throw new IOException("The file has become shorter");
			}
		}
		return length;
	}

	/**
	 * Decrypts a file that was {@linkplain #verify verified}, from its start.
	 * @param ciphertext the encrypted file without its tag
	 * @return the file; closing it closes the channel
	 * @throws IOException if the channel cannot be read
	 */
	InputStream decrypt(FileChannel ciphertext) throws IOException {
		try {
			return new CipherInputStream(Channels.newInputStream(ciphertext.position(0)), keyStream());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES", ex);
		}
	}

	private Cipher gcm() throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(this.key, "AES"),
				new GCMParameterSpec(TAG_SIZE * Byte.SIZE, this.iv));
		return cipher;
	}

	private Cipher keyStream() throws GeneralSecurityException {
		byte[] counter = Arrays.copyOf(this.iv, 16);
		counter[15] = FIRST_BLOCK;
		Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
		cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(this.key, "AES"), new IvParameterSpec(counter));
		return cipher;
	}

	@Override
	public void close() {
		Arrays.fill(this.key, (byte) 0);
	}

	@Override
	public String toString() {
		return "FileCipher[]";
	}

}
