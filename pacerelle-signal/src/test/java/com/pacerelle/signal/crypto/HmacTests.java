package com.pacerelle.signal.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HmacTests {

	@ParameterizedTest(name = "test case {0} of RFC 4231")
	@CsvSource({
			"1, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
			"2, 4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
			"4, 0102030405060708090a0b0c0d0e0f10111213141516171819, cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd, 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" })
	void theMacIsThatOfTheStandard(int testCase, String key, String message, String mac) {
		assertThat(Hmac.sha256(bytes(key), bytes(message))).isEqualTo(bytes(mac));
	}

	@Test
	void aKeyLongerThanABlockIsHashed() {
		byte[] key = new byte[131];
		Arrays.fill(key, (byte) 0xAA);
		byte[] message = "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(StandardCharsets.US_ASCII);
		assertThat(Hmac.sha256(key, message))
			.isEqualTo(bytes("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
	}

	@Test
	void thePartsOfAMessageAreConcatenated() {
		assertThat(Hmac.sha256(bytes("01"), bytes("0203"), bytes(""), bytes("04")))
			.isEqualTo(Hmac.sha256(bytes("01"), bytes("020304")));
	}

	@Test
	void threadsDoNotDisturbEachOther() {
		byte[] expected = Hmac.sha256(bytes("01"), bytes("02"));
		assertThat(IntStream.range(0, 1000).parallel().mapToObj((i) -> Hmac.sha256(bytes("01"), bytes("02"))))
			.allSatisfy((mac) -> assertThat(mac).isEqualTo(expected));
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

}
