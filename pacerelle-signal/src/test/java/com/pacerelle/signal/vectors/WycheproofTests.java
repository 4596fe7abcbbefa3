package com.pacerelle.signal.vectors;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.crypto.XEdDsa;
import com.pacerelle.signal.ratchet.MessageKeys;
import com.pacerelle.signal.vectors.PublishedVectors.Case;
import com.pacerelle.signal.vectors.PublishedVectors.Result;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Project Wycheproof's vectors for the primitives of the protocol. Those for ML-KEM are
 * with the classes that have it.
 */
class WycheproofTests {

	private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

	@TestFactory
	Stream<DynamicTest> x25519() {
		return PublishedVectors.each("wycheproof/x25519_test", 518, (vector) -> true, (vector) -> {
			EcKeyPair pair = EcKeyPair.decode(vector.bytes("private"));
			EcPublicKey theirs = publicKey(vector.bytes("public"));
			if (vector.has("Twist") || vector.has("LowOrderPublic") || vector.has("NonCanonicalPublic")) {
				assertThat(theirs.isCanonical()).isFalse();
			}
			// Of what is acceptable, only keys that leave nothing secret are refused.
			if (vector.result() == Result.ACCEPTABLE && vector.has("ZeroSharedSecret")) {
				assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> pair.agree(theirs));
			}
			else {
				assertThat(vector.result()).isIn(Result.VALID, Result.ACCEPTABLE);
				assertThat(pair.agree(theirs)).isEqualTo(vector.bytes("shared"));
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> ed25519() {
		return PublishedVectors.each("wycheproof/ed25519_test", 151, (vector) -> true, (vector) -> {
			byte[] key = Vectors.bytes(vector.group().required("publicKey"), "pk");
			byte[] message = vector.bytes("msg");
			byte[] signature = vector.bytes("sig");
			if (signature.length == 64) {
				assertThat(Ed25519.verify(signature, 0, key, 0, message, 0, message.length))
					.isEqualTo(vector.isValid());
			}
			// XEdDSA has the sign of the key where this signature has a bit already.
			if (signature.length != 64 || signature[63] >= 0) {
				assertThat(XEdDsa.verify(montgomery(key), message, withSign(signature, key)))
					.isEqualTo(vector.isValid());
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> hmacSha256() {
		return PublishedVectors.each("wycheproof/hmac_sha256_test", 174, (vector) -> true, (vector) -> {
			byte[] tag = vector.bytes("tag");
			byte[] mac = Hmac.sha256(vector.bytes("key"), vector.bytes("msg"));
			assertThat(Arrays.equals(Arrays.copyOf(mac, tag.length), tag)).isEqualTo(vector.isValid());
		});
	}

	@TestFactory
	Stream<DynamicTest> hkdfSha256() {
		return PublishedVectors.each("wycheproof/hkdf_sha256_test", 86, (vector) -> true, (vector) -> {
			if (vector.isValid()) {
				assertThat(derive(vector)).isEqualTo(vector.bytes("okm"));
			}
			else {
				assertThatIllegalArgumentException().isThrownBy(() -> derive(vector));
			}
		});
	}

	/** A message key has 256 bits. */
	@TestFactory
	Stream<DynamicTest> aesCbcPkcs5() {
		return PublishedVectors.each("wycheproof/aes_cbc_pkcs5_test", 72,
				(vector) -> vector.group().required("keySize").asInt() == 256, (vector) -> {
					byte[] ciphertext = vector.bytes("ct");
					try (MessageKeys keys = new MessageKeys(vector.bytes("key"), new byte[32], vector.bytes("iv"))) {
						if (vector.isValid()) {
							assertThat(keys.encrypt(vector.bytes("msg"))).isEqualTo(ciphertext);
							assertThat(keys.decrypt(ciphertext)).isEqualTo(vector.bytes("msg"));
						}
						else {
							assertThatExceptionOfType(InvalidMessageException.class)
								.isThrownBy(() -> keys.decrypt(ciphertext));
						}
					}
				});
	}

	private static byte[] derive(Case vector) {
		byte[] secret = vector.bytes("ikm");
		byte[] salt = vector.bytes("salt");
		byte[] info = vector.bytes("info");
		int size = vector.test().required("size").asInt();
		return (salt.length == 0) ? Hkdf.derive(secret, info, size) : Hkdf.derive(salt, secret, info, size);
	}

	private static EcPublicKey publicKey(byte[] u) {
		byte[] encoded = new byte[33];
		encoded[0] = 5;
		System.arraycopy(u, 0, encoded, 1, u.length);
		return EcPublicKey.decode(encoded);
	}

	/** The u = (1 + y) / (1 - y) of an Edwards key (RFC 7748, section 4.1). */
	private static byte[] montgomery(byte[] edwardsKey) {
		byte[] encoded = edwardsKey.clone();
		encoded[31] &= 0x7F;
		BigInteger y = new BigInteger(1, reversed(encoded));
		BigInteger u = BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).modInverse(P)).mod(P);
		byte[] bytes = u.toByteArray();
		byte[] bigEndian = new byte[32];
		int length = Math.min(bytes.length, 32);
		System.arraycopy(bytes, bytes.length - length, bigEndian, 32 - length, length);
		return reversed(bigEndian);
	}

	private static byte[] withSign(byte[] signature, byte[] edwardsKey) {
		byte[] signed = signature.clone();
		if (signed.length >= 64) {
			signed[63] |= (byte) (edwardsKey[31] & 0x80);
		}
		return signed;
	}

	private static byte[] reversed(byte[] bytes) {
		byte[] reversed = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			reversed[i] = bytes[bytes.length - 1 - i];
		}
		return reversed;
	}

}
