package com.pacerelle.signal.protobuf;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StableLayoutTests {

	private static final byte[] LONG = bytes(100, 1);

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void messageIsReadAsItWasWritten(long seed) {
		for (int i = 0; i < 200; i++) {
			long round = seed * 1000 + i;
			Supplier<ProtobufWriter> message = () -> message(new Random(round), 3);
			assertThat(decoded(StableLayout.encode(message.get()))).isEqualTo(message.get().toByteArray());
		}
	}

	@Test
	void messageWithoutTheLayoutIsReadAsItIs() {
		byte[] message = message(new Random(7), 2).toByteArray();
		assertThat(decoded(message.clone())).isEqualTo(message);
		assertThat(decoded(new byte[0])).isEmpty();
	}

	@Test
	void longFieldKeepsItsPlaceWhenShortOnesGrow() {
		byte[] before = StableLayout.encode(new ProtobufWriter().uint32(1, 1).bytes(2, LONG));
		byte[] after = StableLayout
			.encode(new ProtobufWriter().uint32(1, Integer.MAX_VALUE).bytes(3, new byte[32]).bytes(2, LONG));
		assertThat(after).hasSameSizeAs(before).hasSize(512 + 1024);
		assertThat(Arrays.mismatch(Arrays.copyOfRange(before, 512, before.length),
				Arrays.copyOfRange(after, 512, after.length)))
			.isEqualTo(-1);
	}

	@Test
	void brokenLayoutIsRefused() {
		byte[] encoded = StableLayout.encode(new ProtobufWriter().uint32(1, 1).bytes(2, LONG).bytes(3, LONG));
		List<byte[]> broken = List.of(new byte[1], new byte[] { 0, 1 }, new byte[] { 0, -1, -1, -1, -1, 15 },
				Arrays.copyOf(encoded, 600), changed(encoded, 1, 127), changed(encoded, 2, 120));
		assertThat(broken).allSatisfy((bytes) -> assertThatExceptionOfType(ProtobufException.class)
			.isThrownBy(() -> StableLayout.decode(bytes)));
	}

	private static byte[] decoded(byte[] encoded) {
		return StableLayout.decode(encoded).rest();
	}

	private static byte[] changed(byte[] encoded, int index, int value) {
		byte[] changed = encoded.clone();
		changed[index] = (byte) value;
		return changed;
	}

	private static ProtobufWriter message(Random random, int depth) {
		ProtobufWriter writer = new ProtobufWriter();
		for (int field = 1; field <= random.nextInt(12); field++) {
			switch (random.nextInt(3)) {
				case 0 -> writer.uint64(field, random.nextLong());
				case 1 -> writer.bytes(field, bytes(random.nextInt(random.nextBoolean() ? 50 : 3000), field));
				default -> {
					if (depth > 0) {
						writer.message(field, message(random, depth - 1));
					}
				}
			}
		}
		return writer;
	}

	private static byte[] bytes(int length, int seed) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

}
