package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Replays the two-party runs of {@code spqr-vectors.json} byte for byte.
 */
class TranscriptTests {

	@TestFactory
	Stream<DynamicTest> everyTranscriptIsReproduced() {
		return Vectors.elements(Vectors.section("transcripts"))
			.map((transcript) -> DynamicTest.dynamicTest(transcript.required("name").asString(),
					() -> new Run(transcript, UnaryOperator.identity()).replay()));
	}

	@TestFactory
	Stream<DynamicTest> everyTranscriptIsReproducedWithAStoreBetweenTheSteps() {
		return Vectors.elements(Vectors.section("transcripts"))
			.map((transcript) -> DynamicTest.dynamicTest(transcript.required("name").asString(),
					() -> new Run(transcript, (state) -> SpqrState.decode(state.encode())).replay()));
	}

	private static final class Run {

		private final JsonNode steps;

		private final UnaryOperator<SpqrState> store;

		private final Map<Direction, SpqrState> states = new EnumMap<>(Direction.class);

		private final List<byte[]> messages = new ArrayList<>();

		Run(JsonNode transcript, UnaryOperator<SpqrState> store) {
			this.steps = transcript.required("steps");
			this.store = store;
			Limits limits = new Limits(transcript.required("max_jump").asInt(),
					transcript.required("max_ooo_keys").asInt());
			for (Direction direction : Direction.values()) {
				this.states.put(direction, SpqrState.initial(direction, Vectors.bytes(transcript, "auth_key"), limits));
			}
		}

		void replay() {
			for (int i = 0; i < this.steps.size(); i++) {
				JsonNode step = this.steps.get(i);
				Direction who = step.required("who").asString().equals("A") ? Direction.A2B : Direction.B2A;
				SpqrState next = switch (step.required("op").asString()) {
					case "send" -> send(i, step, this.states.get(who));
					case "recv" -> receive(i, step, this.states.get(who));
					default -> throw new IllegalArgumentException(step.toString());
				};
				assertThat(StateNames.of(next)).as("state after step %d", i)
					.isEqualTo(step.required("state").asString());
				this.states.put(who, this.store.apply(next));
			}
		}

		private SpqrState send(int i, JsonNode step, SpqrState state) {
			ScriptedRandom random = new ScriptedRandom(
					step.has("random") ? Vectors.bytes(step, "random") : new byte[0]);
			SpqrState.Sent sent = state.send(random);
			assertThat(random.remaining()).as("unused random bytes in step %d", i).isZero();
			assertThat(sent.message()).as("message of step %d", i).isEqualTo(Vectors.bytes(step, "msg"));
			assertThat(sent.key()).as("key of step %d", i).isEqualTo(Vectors.bytes(step, "key"));
			this.messages.add(sent.message());
			return sent.next();
		}

		private SpqrState receive(int i, JsonNode step, SpqrState state) {
			this.messages.add(new byte[0]);
			byte[] message = step.has("of") ? this.messages.get(step.get("of").asInt()) : Vectors.bytes(step, "msg");
			Reason reason = refusal(step, message);
			if (reason != null) {
				byte[] before = state.encode();
				SpqrException refused = catchThrowableOfType(SpqrException.class, () -> state.receive(message));
				assertThat(refused).as("step %d is refused", i).isNotNull();
				assertThat(refused.reason()).as("error of step %d", i).isEqualTo(reason);
				assertThat(state.encode()).as("state after the refusal in step %d", i).isEqualTo(before);
				return state;
			}
			SpqrState.Received received = state.receive(message);
			assertThat(received.key()).as("key of step %d", i).isEqualTo(Vectors.bytes(step, "key"));
			return received.next();
		}

		/**
		 * The native runtime accepts messages of a later version, and key number 0 in
		 * epoch 1, without a key. Spqr.md section 5 asks a new implementation to refuse
		 * them.
		 */
		private static Reason refusal(JsonNode step, byte[] message) {
			if (step.has("error")) {
				return Vectors.reason(step.get("error"));
			}
			if (step.required("key").isNull()) {
				return (message[0] >= 2) ? Reason.MESSAGE_DECODE : Reason.KEY_ALREADY_REQUESTED;
			}
			return null;
		}

	}

}
