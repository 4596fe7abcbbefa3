package com.pacerelle.signal.spqr;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;

/**
 * ML-KEM-768 of FIPS 203 whose encapsulation is done in two steps, of which the first
 * needs only a 64-byte header of the key (spqr.md section 10). BouncyCastle makes the key
 * pair and decapsulates; it has no such encapsulation.
 */
final class IncrementalMlKem768 {

	static final int RANK = 3;

	static final int HEADER_SIZE = 64;

	static final int KEY_VECTOR_SIZE = 1152;

	static final int CT1_SIZE = 960;

	static final int CT2_SIZE = 128;

	static final int DECAPSULATION_KEY_SIZE = 2400;

	private static final int SEED_SIZE = 64;

	private static final int HASH_SIZE = 32;

	private static final int HEADER_OFFSET = 2304;

	private static final int KEY_POLYNOMIAL_SIZE = KEY_VECTOR_SIZE / RANK;

	private static final int CT1_POLYNOMIAL_SIZE = CT1_SIZE / RANK;

	private IncrementalMlKem768() {
	}

	/**
	 * Makes a key pair.
	 * @param random draws 64 bytes, FIPS 203's d and z
	 * @return the key pair
	 */
	static KeyPair generateKeyPair(SecureRandom random) {
		byte[] seed = new byte[SEED_SIZE];
		random.nextBytes(seed);
		MLKEMPrivateKeyParameters key = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed);
		try {
			byte[] dk = key.getEncoded();
			return new KeyPair(Arrays.copyOfRange(dk, HEADER_OFFSET, HEADER_OFFSET + HEADER_SIZE),
					Arrays.copyOfRange(dk, KEY_VECTOR_SIZE, HEADER_OFFSET), dk);
		}
		finally {
			key.destroy();
			Arrays.fill(seed, (byte) 0);
		}
	}

	/**
	 * The first step of an encapsulation.
	 * @param header the header of the key
	 * @param random draws 32 bytes, FIPS 203's m
	 * @return the secret, the first part of the ciphertext and what the second step needs
	 */
	static Encapsulation encapsulate(byte[] header, SecureRandom random) {
		byte[] message = new byte[HASH_SIZE];
		random.nextBytes(message);
		byte[] seedOfMatrix = Arrays.copyOf(header, HASH_SIZE);
		byte[] secrets = hash(512, message, Arrays.copyOfRange(header, HASH_SIZE, HEADER_SIZE));
		byte[] noiseSeed = Arrays.copyOfRange(secrets, HASH_SIZE, 2 * HASH_SIZE);
		Polynomial[] y = { Polynomial.noise(noiseSeed, 0), Polynomial.noise(noiseSeed, 1),
				Polynomial.noise(noiseSeed, 2) };
		Polynomial noise = Polynomial.noise(noiseSeed, 2 * RANK);
		try {
			for (Polynomial polynomial : y) {
				polynomial.transform();
			}
			byte[] ct1 = new byte[CT1_SIZE];
			for (int i = 0; i < RANK; i++) {
				Polynomial u = new Polynomial();
				for (int j = 0; j < RANK; j++) {
					u.addProduct(Polynomial.uniform(seedOfMatrix, i, j), y[j]);
				}
				u.transformBack();
				Polynomial error = Polynomial.noise(noiseSeed, RANK + i);
				u.add(error);
				u.compress10(ct1, i * CT1_POLYNOMIAL_SIZE);
				u.erase();
				error.erase();
			}
			return new Encapsulation(Arrays.copyOf(secrets, HASH_SIZE), ct1, EncapsulationState.of(y, noise, message));
		}
		finally {
			for (Polynomial polynomial : y) {
				polynomial.erase();
			}
			noise.erase();
			Arrays.fill(message, (byte) 0);
			Arrays.fill(secrets, (byte) 0);
			Arrays.fill(noiseSeed, (byte) 0);
		}
	}

	/**
	 * The second step of an encapsulation.
	 * @param state what the first step left
	 * @param keyVector the key, which fits the header of the first step
	 * @return the second part of the ciphertext
	 */
	static byte[] completeEncapsulation(EncapsulationState state, byte[] keyVector) {
		byte[] bits = state.message();
		Polynomial message = Polynomial.ofMessage(bits);
		Polynomial noise = state.noise();
		Polynomial v = new Polynomial();
		try {
			for (int j = 0; j < RANK; j++) {
				Polynomial y = state.secretVector(j);
				v.addProduct(Polynomial.unpack12(keyVector, j * KEY_POLYNOMIAL_SIZE), y);
				y.erase();
			}
			v.transformBack();
			v.add(noise);
			v.add(message);
			return v.compress4();
		}
		finally {
			v.erase();
			noise.erase();
			message.erase();
			Arrays.fill(bits, (byte) 0);
		}
	}

	/**
	 * Whether a key vector is the one that a header announced, and reduced.
	 * @param header the header
	 * @param keyVector the key vector
	 * @return whether both checks of spqr.md section 10.4 hold
	 */
	static boolean isKey(byte[] header, byte[] keyVector) {
		byte[] hash = hash(256, keyVector, Arrays.copyOf(header, HASH_SIZE));
		boolean reduced = true;
		for (int j = 0; j < RANK; j++) {
			reduced &= Polynomial.unpack12(keyVector, j * KEY_POLYNOMIAL_SIZE).isReduced();
		}
		return reduced && MessageDigest.isEqual(hash, Arrays.copyOfRange(header, HASH_SIZE, HEADER_SIZE));
	}

	/**
	 * Decapsulates; a wrong ciphertext gives a wrong secret.
	 * @param decapsulationKey the decapsulation key
	 * @param ct1 the first part of the ciphertext
	 * @param ct2 the second part of the ciphertext
	 * @return the 32-byte KEM secret
	 */
	static byte[] decapsulate(byte[] decapsulationKey, byte[] ct1, byte[] ct2) {
		byte[] ciphertext = Arrays.copyOf(ct1, CT1_SIZE + CT2_SIZE);
		System.arraycopy(ct2, 0, ciphertext, CT1_SIZE, CT2_SIZE);
		MLKEMPrivateKeyParameters key = privateKey(decapsulationKey);
		try {
			return new MLKEMExtractor(key).extractSecret(ciphertext);
		}
		finally {
			key.destroy();
		}
	}

	private static MLKEMPrivateKeyParameters privateKey(byte[] decapsulationKey) {
		try {
			return new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, decapsulationKey);
		}
		catch (IllegalArgumentException ex) {
			throw StoredState.broken("decapsulation key");
		}
	}

	private static byte[] hash(int bits, byte[]... parts) {
		SHA3Digest digest = new SHA3Digest(bits);
		for (byte[] part : parts) {
			digest.update(part, 0, part.length);
		}
		byte[] hash = new byte[digest.getDigestSize()];
		digest.doFinal(hash, 0);
		return hash;
	}

	/**
	 * A key pair.
	 *
	 * @param header what the first step of an encapsulation needs
	 * @param keyVector what the second step needs
	 * @param decapsulationKey the private key, with the public one inside
	 */
	record KeyPair(byte[] header, byte[] keyVector, byte[] decapsulationKey) {

		@Override
		public String toString() {
			return "KeyPair[]";
		}

	}

	/**
	 * An encapsulation of which the first step is done.
	 *
	 * @param secret the 32-byte KEM secret
	 * @param ct1 the first part of the ciphertext
	 * @param state what the second step needs
	 */
	record Encapsulation(byte[] secret, byte[] ct1, EncapsulationState state) {

		@Override
		public String toString() {
			return "Encapsulation[]";
		}

	}

}
