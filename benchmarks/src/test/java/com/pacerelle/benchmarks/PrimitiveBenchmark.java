package com.pacerelle.benchmarks;

import java.security.SecureRandom;
import java.security.Security;
import java.util.concurrent.TimeUnit;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.signal.CryptoProvider;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.crypto.Primitives;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The primitives by provider, as the protocol uses them. What a provider lacks is
 * measured with the default.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrimitiveBenchmark {

	/** Who computes. */
	@Param
	public Choice provider;

	private final byte[] key = new byte[32];

	private final byte[] message = { 1 };

	private final byte[] plaintext = new byte[64];

	private final EcKeyPair pair = EcKeyPair.generate(new SecureRandom());

	private final EcPublicKey theirs = EcKeyPair.generate(new SecureRandom()).publicKey();

	private SecureRandom random;

	/**
	 * Chooses the provider.
	 */
	@Setup
	public void use() {
		this.provider.provider.use();
		this.random = CryptoProvider.secureRandom();
	}

	/**
	 * An agreement.
	 * @return the secret
	 */
	@Benchmark
	public byte[] agree() {
		return this.pair.agree(this.theirs);
	}

	/**
	 * The public half of a key pair.
	 * @return the public key
	 */
	@Benchmark
	public EcPublicKey publicKey() {
		return EcKeyPair.decode(this.key).publicKey();
	}

	/**
	 * A step of a chain.
	 * @return the MAC
	 */
	@Benchmark
	public byte[] hmac() {
		return Hmac.sha256(this.key, this.message);
	}

	/**
	 * The keys of a message.
	 * @return 80 bytes
	 */
	@Benchmark
	public byte[] hkdf() {
		return Hkdf.derive(this.key, this.key, this.message, 80);
	}

	/**
	 * The encryption of a short message.
	 * @return the ciphertext
	 * @throws Exception if it fails
	 */
	@Benchmark
	public byte[] encrypt() throws Exception {
		Cipher cipher = Primitives.current().aesCbc();
		cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(this.key, "AES"), new IvParameterSpec(this.key, 0, 16));
		return cipher.doFinal(this.plaintext);
	}

	/**
	 * What a key needs.
	 * @return 32 bytes
	 */
	@Benchmark
	public byte[] random() {
		byte[] bytes = new byte[32];
		this.random.nextBytes(bytes);
		return bytes;
	}

	/**
	 * A choice of a provider.
	 */
	public enum Choice {

		/** What is used unless an application chooses. */
		STANDARD(CryptoProvider.standard()),

		/** The JDK's elliptic curves. */
		SUN_EC(CryptoProvider.of(Security.getProvider("SunEC"))),

		/** The JDK's HMAC and AES. */
		SUN_JCE(CryptoProvider.of(Security.getProvider("SunJCE"))),

		/** BouncyCastle's provider, which makes key objects. */
		BOUNCY_CASTLE(CryptoProvider.of(new BouncyCastleProvider())),

		/** A native provider. */
		CONSCRYPT(CryptoProvider.of(Conscrypt.newProvider()));

		private final CryptoProvider provider;

		Choice(CryptoProvider provider) {
			this.provider = provider;
		}

	}

}
