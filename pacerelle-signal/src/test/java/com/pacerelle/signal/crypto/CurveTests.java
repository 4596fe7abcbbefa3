package com.pacerelle.signal.crypto;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;

import com.pacerelle.signal.SeededRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arithmetic of signatures against other implementations of it. The seeds are the
 * numbers of the repetitions.
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
