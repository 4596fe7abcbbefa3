package com.pacerelle.signal.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.generators.MLKEMKeyPairGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * Round-3 Kyber1024, which is ML-KEM-1024 (FIPS 203) with one more key derivation:
 * {@code SHAKE256(K || SHA3-256(c), 32)} of ML-KEM's secret K and ciphertext c (signal.md
 * section 4). All keys and ciphertexts start with the type byte {@code 08}.
 */
public final class Kyber1024 {

	private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_1024;

	private static final byte TYPE = 8;

	private static final int PUBLIC_LENGTH = 1569;

	private static final int SECRET_LENGTH = 3169;

	private static final int CIPHERTEXT_LENGTH = 1569;

	private Kyber1024() {
	}

	/**
	 * Generates a key pair (FIPS 203, section 7.1).
	 * @param random draws two times 32 bytes
	 * @return the pair
	 */
	public static KeyPair generate(SecureRandom random) {
		MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
		generator.init(new MLKEMKeyGenerationParameters(random, PARAMETERS));
		AsymmetricCipherKeyPair pair = generator.generateKeyPair();
		MLKEMPrivateKeyParameters secret = (MLKEMPrivateKeyParameters) pair.getPrivate();
		byte[] expanded = secret.getEncoded();
		try {
			return new KeyPair(typed(((MLKEMPublicKeyParameters) pair.getPublic()).getEncoded()), typed(expanded));
		}
		finally {
			Arrays.fill(expanded, (byte) 0);
			secret.destroy();
		}
	}

	/**
	 * Encapsulates a new secret for the holder of a key (FIPS 203, section 7.2).
	 * @param publicKey the holder's key
	 * @param random draws 32 bytes
	 * @return the secret and its ciphertext
	 * @throws InvalidKeyException if the key is not one
	 */
	public static Encapsulation encapsulate(byte[] publicKey, SecureRandom random) throws InvalidKeyException {
		MLKEMPublicKeyParameters key = publicKey(publicKey);
		SecretWithEncapsulation encapsulated = new MLKEMGenerator(random).generateEncapsulated(key);
		byte[] secret = encapsulated.getSecret();
		byte[] ciphertext = encapsulated.getEncapsulation();
		try {
			return new Encapsulation(typed(ciphertext), sharedSecret(secret, ciphertext));
		}
		finally {
			Arrays.fill(secret, (byte) 0);
		}
	}

	/**
	 * Decapsulates a secret (FIPS 203, section 7.3). A forged ciphertext gives an
	 * unpredictable one.
	 * @param secretKey the own key
	 * @param ciphertext the ciphertext
	 * @return the 32-byte secret
	 * @throws InvalidKeyException if the key or the ciphertext has a wrong type or
	 * length, or the key has not the hash of its public half (FIPS 203, section 7.3)
	 */
	public static byte[] decapsulate(byte[] secretKey, byte[] ciphertext) throws InvalidKeyException {
		byte[] key = untyped(secretKey, SECRET_LENGTH, "secret key");
		byte[] encapsulation = untyped(ciphertext, CIPHERTEXT_LENGTH, "ciphertext");
		try {
			return decapsulate(new MLKEMPrivateKeyParameters(PARAMETERS, key), encapsulation);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidKeyException("A Kyber secret key is damaged", ex);
		}
		finally {
			Arrays.fill(key, (byte) 0);
		}
	}

	private static byte[] decapsulate(MLKEMPrivateKeyParameters key, byte[] encapsulation) {
		byte[] secret = new MLKEMExtractor(key).extractSecret(encapsulation);
		try {
			return sharedSecret(secret, encapsulation);
		}
		finally {
			Arrays.fill(secret, (byte) 0);
			key.destroy();
		}
	}

	private static MLKEMPublicKeyParameters publicKey(byte[] encoded) throws InvalidKeyException {
		byte[] key = untyped(encoded, PUBLIC_LENGTH, "public key");
		try {
			return new MLKEMPublicKeyParameters(PARAMETERS, key);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidKeyException("A Kyber public key is not reduced", ex);
		}
	}

	/**
	 * Whether bytes have the type and the length of a public key.
	 * @param encoded the bytes
	 * @return whether they can be a key
	 */
	public static boolean isPublicKey(byte[] encoded) {
		return encoded.length == PUBLIC_LENGTH && encoded[0] == TYPE;
	}

	/**
	 * Whether bytes have the type and the length of a secret key.
	 * @param encoded the bytes
	 * @return whether they can be a key
	 */
	public static boolean isSecretKey(byte[] encoded) {
		return encoded.length == SECRET_LENGTH && encoded[0] == TYPE;
	}

	/**
	 * Whether bytes have the type and the length of a ciphertext.
	 * @param encoded the bytes
	 * @return whether they can be a ciphertext
	 */
	public static boolean isCiphertext(byte[] encoded) {
		return encoded.length == CIPHERTEXT_LENGTH && encoded[0] == TYPE;
	}

	private static byte[] sharedSecret(byte[] secret, byte[] ciphertext) {
		SHAKEDigest shake = new SHAKEDigest(256);
		shake.update(secret, 0, secret.length);
		byte[] hash = sha3(ciphertext);
		shake.update(hash, 0, hash.length);
		byte[] shared = new byte[32];
		shake.doFinal(shared, 0, shared.length);
		return shared;
	}

	private static byte[] sha3(byte[] message) {
		try {
			return MessageDigest.getInstance("SHA3-256").digest(message);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("The JDK has no SHA3-256", ex);
		}
	}

	private static byte[] typed(byte[] raw) {
		byte[] typed = new byte[1 + raw.length];
		typed[0] = TYPE;
		System.arraycopy(raw, 0, typed, 1, raw.length);
		return typed;
	}

	private static byte[] untyped(byte[] typed, int length, String what) throws InvalidKeyException {
		if (typed.length != length || typed[0] != TYPE) {
			throw new InvalidKeyException(
					"A Kyber " + what + " has " + length + " bytes and starts with the type byte 08");
		}
		return Arrays.copyOfRange(typed, 1, length);
	}

	/**
	 * A key pair.
	 *
	 * @param publicKey 1569 bytes
	 * @param secretKey 3169 secret bytes
	 */
	public record KeyPair(byte[] publicKey, byte[] secretKey) {
	}

	/**
	 * A new secret.
	 *
	 * @param ciphertext 1569 bytes
	 * @param secret 32 secret bytes
	 */
	public record Encapsulation(byte[] ciphertext, byte[] secret) {
	}

}
