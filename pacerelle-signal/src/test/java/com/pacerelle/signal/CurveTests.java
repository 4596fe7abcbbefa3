package com.pacerelle.signal;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;

import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The arithmetic of keys and signatures against other implementations of it. The seeds
 * are the numbers of the repetitions.
 */
class CurveTests {

	private static final BigInteger ORDER = BigInteger.TWO.pow(252)
		.add(new BigInteger("27742317777372353535851937790883648493"));

	@RepeatedTest(20)
	void scalarsAreComputedModuloTheOrder(RepetitionInfo repetition) {
		SeededRandom random = new SeededRandom(repetition.getCurrentRepetition());
		byte[] factor = new byte[64];
		random.nextBytes(factor);
		byte[] scalar = new byte[32];
		random.nextBytes(scalar);
		byte[] reduced = Scalar25519.reduce(scalar);
		assertThat(number(reduced)).isEqualTo(number(scalar).mod(ORDER));
		assertThat(number(Scalar25519.multiplyAdd(factor, reduced, reduced)))
			.isEqualTo(number(factor).multiply(number(reduced)).add(number(reduced)).mod(ORDER));
	}

	@Test
	void theOrderAndItsNeighboursAreReduced() {
		for (int offset = -2; offset <= 2; offset++) {
			BigInteger number = ORDER.add(BigInteger.valueOf(offset));
			assertThat(number(Scalar25519.reduce(bytes(number)))).isEqualTo(number.mod(ORDER));
		}
		byte[] ones = new byte[32];
		Arrays.fill(ones, (byte) 0xFF);
		assertThat(number(Scalar25519.reduce(ones))).isEqualTo(number(ones).mod(ORDER));
	}

	@RepeatedTest(20)
	void theBasePointIsMultipliedAsByEd25519(RepetitionInfo repetition) throws Exception {
		byte[] secret = new byte[32];
		new SeededRandom(repetition.getCurrentRepetition()).nextBytes(secret);
		byte[] expected = new byte[32];
		Ed25519.generatePublicKey(secret, 0, expected, 0);
		byte[] scalar = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(secret), 32);
		X25519.clampPrivateKey(scalar);
		assertThat(EdwardsPoint.multiplyBase(scalar)).isEqualTo(expected);
	}

	@RepeatedTest(20)
	void signaturesAreVerifiedAndTamperedOnesAreNot(RepetitionInfo repetition) {
		SeededRandom random = new SeededRandom(repetition.getCurrentRepetition());
		EcKeyPair signer = EcKeyPair.generate(random);
		byte[] message = new byte[repetition.getCurrentRepetition()];
		random.nextBytes(message);
		byte[] signature = signer.sign(message, random);
		assertThat(signer.publicKey().verify(message, signature)).isTrue();
		for (int position = 0; position < signature.length; position++) {
			byte[] tampered = signature.clone();
			tampered[position] ^= 1;
			assertThat(signer.publicKey().verify(message, tampered)).isFalse();
		}
		message[0] ^= 1;
		assertThat(signer.publicKey().verify(message, signature)).isFalse();
	}

	@Test
	void privateKeysAreClamped() {
		byte[] ones = new byte[32];
		Arrays.fill(ones, (byte) 0xFF);
		byte[] clamped = EcKeyPair.decode(ones).encodePrivateKey();
		assertThat(clamped[0]).isEqualTo((byte) 0xF8);
		assertThat(clamped[31]).isEqualTo((byte) 0x7F);
	}

	@Test
	void aDestroyedPairKeepsOnlyItsPublicKey() {
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		byte[] privateKey = pair.privateKey();
		pair.destroy();
		assertThat(pair.isDestroyed()).isTrue();
		assertThat(privateKey).containsOnly(0);
		assertThat(pair.publicKey()).isNotNull();
		assertThatIllegalStateException().isThrownBy(pair::encodePrivateKey);
	}

	@Test
	void keysAreEqualByTheirBytes() {
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		EcKeyPair same = EcKeyPair.decode(pair.encodePrivateKey());
		EcKeyPair other = EcKeyPair.generate(new SeededRandom(2));
		assertThat(pair).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
		assertThat(pair.publicKey()).isEqualTo(same.publicKey()).isNotEqualTo(other.publicKey());
	}

	@Test
	void changingWhatWasEncodedDoesNotChangeTheKey() {
		EcPublicKey key = EcKeyPair.generate(new SeededRandom(1)).publicKey();
		key.encode()[1] ^= 1;
		assertThat(key).isEqualTo(EcKeyPair.generate(new SeededRandom(1)).publicKey());
	}

	@Test
	void keysOfKyberMustHaveTypeAndLength() {
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> Kyber1024.encapsulate(new byte[1569], new SeededRandom(1)));
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> Kyber1024.decapsulate(new byte[3169], new byte[1569]));
	}

	private static BigInteger number(byte[] littleEndian) {
		byte[] bigEndian = new byte[littleEndian.length];
		for (int i = 0; i < bigEndian.length; i++) {
			bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
		}
		return new BigInteger(1, bigEndian);
	}

	private static byte[] bytes(BigInteger number) {
		byte[] bytes = new byte[32];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = number.shiftRight(8 * i).byteValue();
		}
		return bytes;
	}

}
