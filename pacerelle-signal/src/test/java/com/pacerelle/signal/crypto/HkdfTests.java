package com.pacerelle.signal.crypto;

import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HkdfTests {

	@Test
	void theFirstTestCaseOfRfc5869IsDerived() {
		byte[] secret = new byte[22];
		Arrays.fill(secret, (byte) 0x0B);
		assertThat(Hkdf.derive(range(0x00, 13), secret, range(0xF0, 10), 42))
			.isEqualTo(bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
	}

	@Test
	void theSecondTestCaseOfRfc5869IsDerived() {
		assertThat(Hkdf.derive(range(0x60, 80), range(0x00, 80), range(0xB0, 80), 82))
			.isEqualTo(bytes("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
					+ "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
					+ "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
	}

	@Test
	void theThirdTestCaseOfRfc5869IsDerived() {
		byte[] secret = new byte[22];
		Arrays.fill(secret, (byte) 0x0B);
		assertThat(Hkdf.derive(secret, new byte[0], 42))
			.isEqualTo(bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
	}

	@Test
	void aShorterOutputIsThePrefixOfALongerOne() {
		byte[] longest = Hkdf.derive(range(0, 32), range(1, 5), 8160);
		for (int length = 1; length < 200; length++) {
			assertThat(Hkdf.derive(range(0, 32), range(1, 5), length)).isEqualTo(Arrays.copyOf(longest, length));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 8161 })
	void aLengthThatCannotBeDerivedIsRefused(int length) {
		assertThatIllegalArgumentException().isThrownBy(() -> Hkdf.derive(range(0, 32), range(1, 5), length));
	}

	@Test
	void theInputIsLeftAsItIs() {
		byte[] salt = range(1, 32);
		byte[] secret = range(2, 32);
		byte[] info = range(3, 7);
		Hkdf.derive(salt, secret, info, 80);
		assertThat(salt).isEqualTo(range(1, 32));
		assertThat(secret).isEqualTo(range(2, 32));
		assertThat(info).isEqualTo(range(3, 7));
	}

	private static byte[] range(int first, int length) {
		byte[] range = new byte[length];
		for (int i = 0; i < length; i++) {
			range[i] = (byte) (first + i);
		}
		return range;
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

}
