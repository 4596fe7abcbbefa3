package com.pacerelle.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.client.codec.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The judge is the JDK's own decryption, which keeps everything in memory.
 */
class FileCipherTests {

	private static final SecureRandom RANDOM = new SecureRandom();

	@TempDir
	private Path directory;

	static IntStream sizes() {
		return IntStream.of(0, 1, 15, 16, 17, 8191, 8192, 8193, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void encryptsAsEverybodyDecrypts(int size) throws Exception {
		byte[] plaintext = random(size);
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			byte[] ciphertext = encrypt(cipher, plaintext);
			assertThat(ciphertext).hasSize(size + FileCipher.TAG_SIZE);
			assertThat(jdk(Cipher.DECRYPT_MODE, cipher, ciphertext)).isEqualTo(plaintext);
		}
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void decryptsWhatEverybodyEncrypts(int size) throws Exception {
		byte[] plaintext = random(size);
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			byte[] ciphertext = jdk(Cipher.ENCRYPT_MODE, cipher, plaintext);
			assertThat(decrypt(FileCipher.of(cipher.keyB64(), cipher.ivB64()), ciphertext)).isEqualTo(plaintext);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 15, 16, 17, 8191, 8192, 8193, 100_000 })
	void findsEachFlippedBit(int size) throws Exception {
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			byte[] ciphertext = encrypt(cipher, random(size));
			long seed = new Random().nextLong();
			Random random = new Random(seed);
			IntStream tag = IntStream.range(size, ciphertext.length);
			IntStream content = (size > 0) ? IntStream.concat(IntStream.of(0, size - 1), random.ints(10, 0, size))
					: IntStream.empty();
			for (int position : IntStream.concat(content, tag).toArray()) {
				byte[] tampered = ciphertext.clone();
				tampered[position] ^= (byte) (1 << random.nextInt(Byte.SIZE));
				assertThatExceptionOfType(AEADBadTagException.class).as("seed %d, position %d", seed, position)
					.isThrownBy(() -> decrypt(cipher, tampered));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 15, 16, 17, 8192, 8207 })
	void findsWhatIsCutOff(int length) throws Exception {
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			byte[] ciphertext = encrypt(cipher, random(8192));
			assertThatExceptionOfType(AEADBadTagException.class)
				.isThrownBy(() -> decrypt(cipher, Arrays.copyOf(ciphertext, length)));
			assertThatExceptionOfType(AEADBadTagException.class).as("and what is added")
				.isThrownBy(() -> decrypt(cipher, Arrays.copyOf(ciphertext, ciphertext.length + 1 + length)));
		}
	}

	@Test
	void findsAnotherKeyAndAnotherVector() throws Exception {
		try (FileCipher cipher = FileCipher.generate(RANDOM); FileCipher other = FileCipher.generate(RANDOM)) {
			byte[] ciphertext = encrypt(cipher, random(100));
			assertThatExceptionOfType(AEADBadTagException.class)
				.isThrownBy(() -> decrypt(FileCipher.of(other.keyB64(), cipher.ivB64()), ciphertext));
			assertThatExceptionOfType(AEADBadTagException.class)
				.isThrownBy(() -> decrypt(FileCipher.of(cipher.keyB64(), other.ivB64()), ciphertext));
		}
	}

	@Test
	void hasAKeyAndAVectorOfItsOwn() {
		try (FileCipher cipher = FileCipher.generate(RANDOM); FileCipher other = FileCipher.generate(RANDOM)) {
			assertThat(Base64.getDecoder().decode(cipher.keyB64())).hasSize(32);
			assertThat(Base64.getDecoder().decode(cipher.ivB64())).hasSize(12);
			assertThat(cipher.keyB64()).isNotEqualTo(other.keyB64());
			assertThat(cipher.ivB64()).isNotEqualTo(other.ivB64());
			assertThat(cipher).asString().isEqualTo("FileCipher[]");
		}
	}

	@Test
	void keepsNoKeyOnceItIsClosed() {
		FileCipher cipher = FileCipher.generate(RANDOM);
		cipher.close();
		assertThat(Base64.getDecoder().decode(cipher.keyB64())).containsOnly(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
	void refusesWhatCannotBeAKey(String value) {
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			assertThatIllegalArgumentException().isThrownBy(() -> FileCipher.of(cipher.keyB64(), value));
			String key = value.isEmpty() ? value : value.substring(1);
			assertThatIllegalArgumentException().isThrownBy(() -> FileCipher.of(key, cipher.ivB64()));
		}
	}

	@Test
	void stopsReadingAtTheLargestSize() throws Exception {
		InputStream endless = new InputStream() {

			@Override
			public int read() {
				return 1;
			}

		};
		try (FileCipher cipher = FileCipher.generate(RANDOM)) {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			assertThatIllegalArgumentException()
				.isThrownBy(() -> cipher.encrypt(endless, out, Digests.sha256(), 20_000))
				.withMessageContaining("'files.maxSize', which is 20000 bytes");
			assertThat(out.size()).isLessThanOrEqualTo(20_000);
		}
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		RANDOM.nextBytes(bytes);
		return bytes;
	}

	private static byte[] encrypt(FileCipher cipher, byte[] plaintext) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		MessageDigest digest = Digests.sha256();
		assertThat(cipher.encrypt(new ByteArrayInputStream(plaintext), out, digest, plaintext.length))
			.isEqualTo(plaintext.length);
		assertThat(digest.digest()).isEqualTo(Digests.sha256(out.toByteArray()));
		return out.toByteArray();
	}

	private byte[] decrypt(FileCipher cipher, byte[] ciphertext) throws Exception {
		try (FileChannel file = SpoolFile.open(this.directory)) {
			file.write(ByteBuffer.wrap(ciphertext));
			cipher.verify(file);
			return cipher.decrypt(file).readAllBytes();
		}
	}

	private static byte[] jdk(int mode, FileCipher cipher, byte[] bytes) throws Exception {
		Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
		gcm.init(mode, new SecretKeySpec(Base64.getDecoder().decode(cipher.keyB64()), "AES"),
				new GCMParameterSpec(128, Base64.getDecoder().decode(cipher.ivB64())));
		return gcm.doFinal(bytes);
	}

}
