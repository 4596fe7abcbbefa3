package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.pacerelle.signal.protobuf.ProtobufReader;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ErasureEncoder} and {@link ErasureDecoder}.
 */
class ErasureCodeTests {

	@TestFactory
	Stream<DynamicTest> everyChunkOfTheVectorsIsProduced() {
		return vectors((vector) -> {
			List<Chunk> chunks = chunks(Vectors.bytes(vector, "message"), Chunk.MAX_INDEX + 1);
			for (JsonNode chunk : vector.required("chunks")) {
				int index = chunk.required("index").asInt();
				assertThat(chunks.get(index).index()).isEqualTo(index);
				assertThat(chunks.get(index).data()).as("chunk %d", index).isEqualTo(Vectors.bytes(chunk, "data"));
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> everySelectionOfTheVectorsIsDecoded() {
		return vectors((vector) -> {
			byte[] payload = Vectors.bytes(vector, "message");
			List<Chunk> chunks = chunks(payload, Chunk.MAX_INDEX + 1);
			for (JsonNode selection : vector.required("decode")) {
				ErasureDecoder decoder = ErasureDecoder.forLength(payload.length);
				int added = 0;
				for (JsonNode index : selection.required("indices")) {
					assertThat(decoder.isComplete()).isFalse();
					decoder = decoder.add(chunks.get(index.asInt()));
					added++;
				}
				assertThat(decoder.isComplete()).isTrue();
				assertThat(added).isEqualTo(selection.required("complete_after").asInt());
				assertThat(decoder.payload()).isEqualTo(payload);
			}
		});
	}

	@Test
	void theFirstParityChunkTurnsTheStoredValuesIntoCoefficients() {
		JsonNode vector = Vectors.section("erasure").get(0);
		ErasureEncoder encoder = ErasureEncoder.of(Vectors.bytes(vector, "message"));
		for (int i = 0; i < vector.required("chunks_needed").asInt(); i++) {
			assertThat(firstPolynomial(encoder, 2)).isNotNull();
			encoder = encoder.next().next();
		}
		assertThat(firstPolynomial(encoder, 2)).isNotNull();
		encoder = encoder.next().next();
		byte[] coefficients = firstPolynomial(encoder, 3);
		assertThat(Words.get(coefficients, 0, coefficients.length / 2)).containsExactly(
				Vectors.elements(vector.required("coefficients_polynomial_0")).mapToInt(JsonNode::asInt).toArray());
	}

	@Test
	void afterTheLastIndexTheChunksStartAgain() {
		byte[] payload = { 1, 2, 3, 4 };
		List<Chunk> chunks = chunks(payload, Chunk.MAX_INDEX + 2);
		assertThat(chunks.get(Chunk.MAX_INDEX + 1).index()).isZero();
		assertThat(chunks.get(Chunk.MAX_INDEX + 1).data()).isEqualTo(chunks.get(0).data());
	}

	@Test
	void anOddPayloadIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ErasureEncoder.of(new byte[3]));
	}

	@Test
	void aPayloadOfMoreThanAMegabyteIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ErasureEncoder.of(new byte[(1 << 20) + 2]));
	}

	@Test
	void aDuplicateDoesNotCount() {
		byte[] payload = new byte[96];
		ErasureDecoder decoder = ErasureDecoder.forLength(payload.length);
		for (int i = 0; i < 5; i++) {
			decoder = decoder.add(new Chunk(7, new byte[32]));
		}
		assertThat(decoder.isComplete()).isFalse();
	}

	@Test
	void addingAChunkLeavesTheEarlierDecoderUnchanged() {
		ErasureDecoder decoder = ErasureDecoder.forLength(96).add(new Chunk(5, new byte[32]));
		byte[] before = decoder.encode().toByteArray();
		decoder.add(new Chunk(1, new byte[32]));
		assertThat(decoder.encode().toByteArray()).isEqualTo(before);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void anySufficientSetOfChunksInAnyOrderRebuildsThePayload(long seed) {
		Random random = new Random(seed);
		for (int length : new int[] { 96, 160, 960, 1152, 2, 34, 1000 }) {
			byte[] payload = new byte[length];
			random.nextBytes(payload);
			List<Chunk> chunks = chunks(payload, 200);
			Collections.shuffle(chunks, random);
			ErasureDecoder decoder = ErasureDecoder.forLength(length);
			for (int i = 0; i < (length + 31) / 32; i++) {
				decoder = ErasureDecoder.decode(new ProtobufReader(decoder.add(chunks.get(i)).encode().toByteArray()),
						length);
			}
			assertThat(decoder.isComplete()).isTrue();
			assertThat(decoder.payload()).isEqualTo(payload);
		}
	}

	private static Stream<DynamicTest> vectors(Consumer<JsonNode> test) {
		return Vectors.elements(Vectors.section("erasure"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("message").asString().length() / 2 + " bytes",
					() -> test.accept(vector)));
	}

	private static List<Chunk> chunks(byte[] payload, int count) {
		List<Chunk> chunks = new ArrayList<>();
		ErasureEncoder encoder = ErasureEncoder.of(payload);
		for (int i = 0; i < count; i++) {
			ErasureEncoder.Step step = encoder.next();
			chunks.add(step.chunk());
			encoder = step.next();
		}
		return chunks;
	}

	private static byte[] firstPolynomial(ErasureEncoder encoder, int field) {
		ProtobufReader reader = new ProtobufReader(encoder.encode().toByteArray());
		while (reader.next()) {
			if (reader.field() == field) {
				return reader.bytes();
			}
			reader.skip();
		}
		return null;
	}

}
