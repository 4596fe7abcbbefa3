package com.pacerelle.signal.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * XEdDSA ("The XEdDSA and VXEdDSA Signature Schemes", signal.org): signatures with
 * Curve25519 keys, which are those of Ed25519 (RFC 8032, section 5.1). This variant keeps
 * the sign of the Edwards key in the signature's top bit (signal.md section 3.4).
 */
public final class XEdDsa {

	private static final int SIGNATURE_LENGTH = 64;

	private static final byte[] NONCE_PREFIX = noncePrefix();

	private XEdDsa() {
	}

	/**
	 * Signs a message: {@code R = r*B} and {@code s = h*a + r mod L} with
	 * {@code r = SHA-512(prefix || a || message || random)} and
	 * {@code h = SHA-512(R || A || message)}.
	 * @param privateKey 32 bytes, clamped, which are only read
	 * @param message the message
	 * @param random draws 64 bytes
	 * @return 64 bytes
	 */
	public static byte[] sign(byte[] privateKey, byte[] message, SecureRandom random) {
		byte[] salt = new byte[64];
		random.nextBytes(salt);
		byte[] digest = sha512(NONCE_PREFIX, privateKey, message, salt);
		byte[] nonce = Scalar25519.reduce(digest);
		byte[] scalar = Scalar25519.reduce(privateKey);
		try {
			byte[] edwardsKey = EdwardsPoint.multiplyBase(scalar);
			byte[] commitment = EdwardsPoint.multiplyBase(nonce);
			byte[] challenge = Scalar25519.reduce(sha512(commitment, edwardsKey, message));
			byte[] signature = Arrays.copyOf(commitment, SIGNATURE_LENGTH);
			System.arraycopy(Scalar25519.multiplyAdd(challenge, scalar, nonce), 0, signature, 32, 32);
			signature[63] |= (byte) (edwardsKey[31] & 0x80);
			return signature;
		}
		finally {
			Arrays.fill(salt, (byte) 0);
			Arrays.fill(digest, (byte) 0);
			Arrays.fill(nonce, (byte) 0);
			Arrays.fill(scalar, (byte) 0);
		}
	}

	/**
	 * Verifies a signature: {@code s*B = R + h*A} (RFC 8032, section 5.1.7).
	 * @param publicKey the signer's key: the u of its point, 32 bytes
	 * @param message the message
	 * @param signature the signature
	 * @return whether the signer made it; always false for a scalar that is not reduced,
	 * which no signer makes
	 */
	public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
		byte[] edwardsKey = EdwardsPoint.encodedY(publicKey);
		if (signature.length != SIGNATURE_LENGTH || edwardsKey == null) {
			return false;
		}
		edwardsKey[31] |= (byte) (signature[63] & 0x80);
		byte[] unsigned = signature.clone();
		unsigned[63] &= 0x7F;
		return Ed25519.verify(unsigned, 0, edwardsKey, 0, message, 0, message.length);
	}

	private static byte[] sha512(byte[]... parts) {
		return Primitives.current().sha512(parts);
	}

	private static byte[] noncePrefix() {
		byte[] prefix = new byte[32];
		Arrays.fill(prefix, (byte) 0xFF);
		prefix[0] = (byte) 0xFE;
		return prefix;
	}

}
