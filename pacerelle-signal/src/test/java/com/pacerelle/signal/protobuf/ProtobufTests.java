package com.pacerelle.signal.protobuf;

import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ProtobufReader} and {@link ProtobufWriter}.
 */
class ProtobufTests {

	@ParameterizedTest
	@CsvSource({ "0, 0800", "1, 0801", "127, 087f", "128, 088001", "300, 08ac02", "-1, 08ffffffffffffffffff01" })
	void anIntegerIsWrittenInGroupsOfSevenBits(long value, String encoded) {
		assertThat(new ProtobufWriter().uint64(1, value).toByteArray()).isEqualTo(bytes(encoded));
		ProtobufReader reader = new ProtobufReader(bytes(encoded));
		assertThat(reader.next()).isTrue();
		assertThat(reader.field()).isOne();
		assertThat(reader.uint64()).isEqualTo(value);
		assertThat(reader.next()).isFalse();
	}

	@Test
	void anIntegerOf32BitsIsUnsigned() {
		assertThat(new ProtobufWriter().uint32(1, -1).toByteArray()).isEqualTo(bytes("08ffffffff0f"));
		assertThat(firstField("08ffffffff0f").uint32()).isEqualTo(-1);
		assertThat(firstField("08ffffffffffffffffff01").uint32()).isEqualTo(-1);
	}

	@Test
	void aFieldNumberAbove15TakesASecondByte() {
		byte[] encoded = new ProtobufWriter().bytes(16, bytes("0102")).toByteArray();
		assertThat(encoded).isEqualTo(bytes("8201020102"));
		assertThat(firstField("8201020102").field()).isEqualTo(16);
		assertThat(firstField("8201020102").bytes()).isEqualTo(bytes("0102"));
	}

	@Test
	void aNestedMessageIsWrittenAndReadInPlace() {
		ProtobufWriter nested = new ProtobufWriter().uint64(1, 150);
		byte[] encoded = new ProtobufWriter().message(3, nested).uint64(4, 1).toByteArray();
		assertThat(encoded).isEqualTo(bytes("1a0308960120" + "01"));
		ProtobufReader reader = new ProtobufReader(encoded);
		assertThat(reader.next()).isTrue();
		ProtobufReader inner = reader.message();
		assertThat(inner.next()).isTrue();
		assertThat(inner.uint64()).isEqualTo(150);
		assertThat(inner.next()).isFalse();
		assertThat(reader.next()).isTrue();
		assertThat(reader.field()).isEqualTo(4);
	}

	@Test
	void defaultsAreOmittedOnRequestOnly() {
		assertThat(new ProtobufWriter().uint64UnlessZero(1, 0)
			.uint32UnlessZero(2, 0)
			.bytesUnlessEmpty(3, new byte[0])
			.toByteArray()).isEmpty();
		assertThat(new ProtobufWriter().uint64UnlessZero(1, 1)
			.uint32UnlessZero(2, -1)
			.bytesUnlessEmpty(3, new byte[1])
			.toByteArray()).isEqualTo(bytes("080110ffffffff0f1a0100"));
		assertThat(
				new ProtobufWriter().uint64(1, 0).bytes(2, new byte[0]).message(3, new ProtobufWriter()).toByteArray())
			.isEqualTo(bytes("080012001a00"));
	}

	@Test
	void aLargeMessageIsWrittenWhole() {
		byte[] large = new byte[100_000];
		new Random(1).nextBytes(large);
		byte[] encoded = new ProtobufWriter().uint64(1, 1).bytes(2, large).uint64(3, 3).toByteArray();
		ProtobufReader reader = new ProtobufReader(encoded);
		assertThat(reader.next()).isTrue();
		reader.skip();
		assertThat(reader.next()).isTrue();
		assertThat(reader.bytes()).isEqualTo(large);
		assertThat(reader.next()).isTrue();
		assertThat(reader.uint64()).isEqualTo(3);
	}

	@Test
	void aWriterIsEmptyOnceItsMessageIsTaken() {
		ProtobufWriter nested = new ProtobufWriter().uint64(1, 1);
		new ProtobufWriter().message(1, nested);
		assertThat(nested.toByteArray()).isEmpty();
		ProtobufWriter writer = new ProtobufWriter().uint64(1, 1);
		assertThat(writer.toByteArray()).isNotEmpty();
		assertThat(writer.toByteArray()).isEmpty();
	}

	@Test
	void unknownFieldsOfEveryWireTypeAreSkipped() {
		ProtobufReader reader = new ProtobufReader(
				bytes("08ac02" + "110102030405060708" + "1a03010203" + "2501020304" + "3007"));
		for (int field = 1; field < 5; field++) {
			assertThat(reader.next()).isTrue();
			reader.skip();
		}
		assertThat(reader.next()).isTrue();
		assertThat(reader.field()).isEqualTo(6);
		assertThat(reader.uint64()).isEqualTo(7);
	}

	@Test
	void aPartOfAnArrayIsReadAlone() {
		ProtobufReader reader = new ProtobufReader(bytes("ff0801ff"), 1, 3);
		assertThat(reader.next()).isTrue();
		assertThat(reader.uint64()).isOne();
		assertThat(reader.next()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "08", "0880", "08ffffffffffffffffffff01", "12", "1205", "120501020304",
			"12ffffffffffffffffff01", "12ffffffff0f", "00", "0200", "80", "ffffffffffffffffffff01", "888080808001",
			"09010203", "25010203", "0b", "0c", "0e", "0f" })
	void malformedBytesAreRefused(String encoded) {
		assertThatExceptionOfType(ProtobufException.class).isThrownBy(() -> skipAll(bytes(encoded)));
	}

	@Test
	void aFieldOfAnotherWireTypeIsRefused() {
		assertThatExceptionOfType(ProtobufException.class).isThrownBy(() -> firstField("0801").bytes());
		assertThatExceptionOfType(ProtobufException.class).isThrownBy(() -> firstField("0801").message());
		assertThatExceptionOfType(ProtobufException.class).isThrownBy(() -> firstField("0a0101").uint64());
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void randomBytesAreReadOrRefused(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 20_000; i++) {
			byte[] encoded = new byte[random.nextInt(30)];
			random.nextBytes(encoded);
			Throwable refused = catchThrowable(() -> readAll(new ProtobufReader(encoded), random));
			if (refused != null) {
				assertThat(refused).isInstanceOf(ProtobufException.class);
			}
		}
	}

	private static void readAll(ProtobufReader reader, Random random) {
		while (reader.next()) {
			switch (random.nextInt(4)) {
				case 0 -> reader.uint64();
				case 1 -> reader.bytes();
				case 2 -> readAll(reader.message(), random);
				default -> reader.skip();
			}
		}
	}

	private static void skipAll(byte[] encoded) {
		ProtobufReader reader = new ProtobufReader(encoded);
		while (reader.next()) {
			reader.skip();
		}
	}

	private static ProtobufReader firstField(String encoded) {
		ProtobufReader reader = new ProtobufReader(bytes(encoded));
		assertThat(reader.next()).isTrue();
		return reader;
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

}
