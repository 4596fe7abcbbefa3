package com.pacerelle.signal.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.KeyAgreement;

/**
 * X25519 of a JCA provider. Keys go to it as RFC 8410 encodes them, which every provider
 * reads. It makes copies of private keys which only the garbage collector removes.
 */
final class JcaX25519 implements X25519Function {

	private static final int LENGTH = 32;

	/** SubjectPublicKeyInfo up to the key (RFC 8410, section 4). */
	private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

	/** OneAsymmetricKey up to the key (RFC 8410, section 7). */
	private static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b656e04220420");

	/** The base point (RFC 7748, section 4.1). */
	private static final byte[] BASE = Arrays.copyOf(new byte[] { 9 }, LENGTH);

	private final String algorithm;

	private final Provider provider;

	/**
	 * Looks for the function.
	 * @param algorithm the provider's name for it
	 * @param provider the provider
	 * @throws GeneralSecurityException if it has none of that name
	 */
	JcaX25519(String algorithm, Provider provider) throws GeneralSecurityException {
		this.algorithm = algorithm;
		this.provider = provider;
		KeyFactory.getInstance(algorithm, provider);
		KeyAgreement.getInstance(algorithm, provider);
	}

	@Override
	public void publicKey(byte[] privateKey, byte[] target, int offset) {
		byte[] computed = new byte[LENGTH];
		if (!agree(privateKey, BASE, 0, computed)) {
			throw new IllegalStateException("The provider's X25519 is not usable");
		}
		System.arraycopy(computed, 0, target, offset, LENGTH);
	}

	@Override
	public boolean agree(byte[] privateKey, byte[] publicKey, int offset, byte[] shared) {
		try {
			KeyAgreement agreement = KeyAgreement.getInstance(this.algorithm, this.provider);
			KeyFactory keys = KeyFactory.getInstance(this.algorithm, this.provider);
			agreement.init(privateKey(keys, privateKey));
			return agree(agreement, publicKey(keys, publicKey, offset), shared);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The provider's X25519 is not usable", ex);
		}
	}

	private static boolean agree(KeyAgreement agreement, PublicKey publicKey, byte[] shared)
			throws GeneralSecurityException {
		byte[] secret;
		try {
			agreement.doPhase(publicKey, true);
			secret = agreement.generateSecret();
		}
		catch (InvalidKeyException | IllegalStateException ex) {
			// How providers refuse a key of low order: all but BouncyCastle with the
			// first.
			return false;
		}
		if (secret.length != LENGTH) {
			throw new GeneralSecurityException("A shared secret has " + secret.length + " bytes");
		}
		int bits = 0;
		for (int i = 0; i < LENGTH; i++) {
			shared[i] = secret[i];
			bits |= secret[i];
		}
		Arrays.fill(secret, (byte) 0);
		return bits != 0;
	}

	private static PrivateKey privateKey(KeyFactory keys, byte[] privateKey) throws GeneralSecurityException {
		byte[] encoded = Arrays.copyOf(PRIVATE_PREFIX, PRIVATE_PREFIX.length + LENGTH);
		System.arraycopy(privateKey, 0, encoded, PRIVATE_PREFIX.length, LENGTH);
		try {
			return keys.generatePrivate(new PKCS8EncodedKeySpec(encoded));
		}
		finally {
			Arrays.fill(encoded, (byte) 0);
		}
	}

	private static PublicKey publicKey(KeyFactory keys, byte[] publicKey, int offset) throws GeneralSecurityException {
		byte[] encoded = Arrays.copyOf(PUBLIC_PREFIX, PUBLIC_PREFIX.length + LENGTH);
		System.arraycopy(publicKey, offset, encoded, PUBLIC_PREFIX.length, LENGTH);
		return keys.generatePublic(new X509EncodedKeySpec(encoded));
	}

}
