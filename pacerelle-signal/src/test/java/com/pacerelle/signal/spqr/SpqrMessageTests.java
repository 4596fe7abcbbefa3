package com.pacerelle.signal.spqr;

import java.util.Arrays;
import java.util.stream.Stream;

import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SpqrMessageTests {

	@TestFactory
	Stream<DynamicTest> everyValidMessageOfTheVectorsIsParsedAndWrittenAgain() {
		return Vectors.elements(Vectors.section("messages").required("valid"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("bytes").asString(), () -> {
				byte[] bytes = Vectors.bytes(vector, "bytes");
				SpqrMessage message = SpqrMessage.parse(bytes);
				assertThat(message.epoch()).isEqualTo(vector.required("epoch").asBigInteger().longValue());
				assertThat(message.index()).isEqualTo((int) vector.required("index").asLong());
				assertThat(message.content().type().ordinal()).isEqualTo(vector.required("type").asInt());
				Chunk chunk = message.content().chunk();
				if (vector.required("chunk").isNull()) {
					assertThat(chunk).isNull();
				}
				else {
					assertThat(chunk.index()).isEqualTo(vector.required("chunk").required("index").asInt());
					assertThat(chunk.data()).isEqualTo(Vectors.bytes(vector.required("chunk"), "data"));
				}
				if (vector.required("canonical").asBoolean()) {
					assertThat(message.serialize()).isEqualTo(bytes);
				}
			}));
	}

	@TestFactory
	Stream<DynamicTest> everyInvalidMessageOfTheVectorsIsRefused() {
		return Vectors.elements(Vectors.section("messages").required("invalid"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("why").asString(),
					() -> assertThatExceptionOfType(SpqrException.class)
						.isThrownBy(() -> SpqrMessage.parse(Vectors.bytes(vector, "bytes")))
						.extracting(SpqrException::reason)
						.isEqualTo(Vectors.reason(vector.required("error")))));
	}

	@Test
	void aMessageThatEndsAnywhereIsRefused() {
		byte[] message = new SpqrMessage(300, 70_000,
				new BraidMessage(Type.CT1, new Chunk(Chunk.MAX_INDEX, new byte[32])))
			.serialize();
		for (int length = 0; length < message.length; length++) {
			byte[] truncated = Arrays.copyOf(message, length);
			assertThatExceptionOfType(SpqrException.class).as("%d bytes", length)
				.isThrownBy(() -> SpqrMessage.parse(truncated))
				.extracting(SpqrException::reason)
				.isEqualTo(Reason.MESSAGE_DECODE);
		}
	}

	@Test
	void aChunkIndexThatOnlyFitsUnsignedIsRefused() {
		byte[] message = Vectors.bytes("01010105ffffffffffffffffff01" + "00".repeat(32));
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> SpqrMessage.parse(message))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.MESSAGE_DECODE);
	}

	@Test
	void aChunkGoesWithTheTypesThatCarryOneOnly() {
		Chunk chunk = new Chunk(0, new byte[32]);
		assertThatIllegalArgumentException().isThrownBy(() -> new BraidMessage(Type.ACK, chunk));
		assertThatIllegalArgumentException().isThrownBy(() -> new BraidMessage(Type.HDR, null));
	}

}
