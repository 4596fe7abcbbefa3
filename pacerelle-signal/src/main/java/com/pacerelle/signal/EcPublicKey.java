package com.pacerelle.signal;

import java.security.MessageDigest;
import java.util.Arrays;

import com.pacerelle.signal.crypto.EdwardsPoint;
import com.pacerelle.signal.crypto.Primitives;
import com.pacerelle.signal.crypto.XEdDsa;

/**
 * A Curve25519 public key (signal.md section 3.1). Keys are equal if their 33 bytes are.
 */
public final class EcPublicKey {

	private static final int LENGTH = 33;

	private static final byte TYPE = 5;

	private final byte[] encoded;

	private EcPublicKey(byte[] encoded) {
		this.encoded = encoded;
	}

	/**
	 * Reads a key.
	 * @param bytes the type byte {@code 05} and 32 bytes; more bytes are ignored
	 * @return the key
	 * @throws MalformedKeyException if the bytes are not a key
	 */
	public static EcPublicKey decode(byte[] bytes) {
		if (bytes.length < LENGTH) {
			throw new MalformedKeyException("A public key has 33 bytes, but these are " + bytes.length);
		}
		if (bytes[0] != TYPE) {
			throw new MalformedKeyException("A public key starts with the type byte 05");
		}
		return new EcPublicKey(Arrays.copyOf(bytes, LENGTH));
	}

	/**
	 * Derives the key of a private key: {@code X25519(private, 9)} (RFC 7748, section
	 * 6.1).
	 * @param privateKey 32 bytes
	 * @return the public half
	 */
	static EcPublicKey of(byte[] privateKey) {
		byte[] encoded = new byte[LENGTH];
		encoded[0] = TYPE;
		Primitives.current().publicKey(privateKey, encoded, 1);
		return new EcPublicKey(encoded);
	}

	/**
	 * The key as it is sent and stored.
	 * @return the type byte {@code 05} and 32 bytes
	 */
	public byte[] encode() {
		return this.encoded.clone();
	}

	/**
	 * The key as it is sent and stored, without a copy.
	 * @return the 33 bytes, not to be changed
	 */
	byte[] encoded() {
		return this.encoded;
	}

	/**
	 * Whether the key is reduced, on the curve and in its prime-order subgroup (signal.md
	 * section 3.3).
	 * @return whether it is a possible base key
	 */
	public boolean isCanonical() {
		return EdwardsPoint.isCanonical(u());
	}

	/**
	 * Verifies a signature of this key's holder (signal.md section 3.4).
	 * @param message the message
	 * @param signature the signature
	 * @return whether it is right
	 */
	boolean verify(byte[] message, byte[] signature) {
		return XEdDsa.verify(u(), message, signature);
	}

	private byte[] u() {
		return Arrays.copyOfRange(this.encoded, 1, LENGTH);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof EcPublicKey key && MessageDigest.isEqual(this.encoded, key.encoded);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.encoded);
	}

	@Override
	public String toString() {
		return "EcPublicKey[redacted]";
	}

}
