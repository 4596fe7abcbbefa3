package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The table of spqr.md section 9.3, for messages that complete no payload. Those that do
 * are in the transcripts.
 */
class BraidStateTests {

	private static final Map<String, Map<Type, String>> TRANSITIONS = Map.of("K2", Map.of(Type.CT1, "K3"), "K3",
			Map.of(Type.CT1, "K3"), "K4", Map.of(Type.CT2, "K5"), "K5", Map.of(Type.CT2, "K5"), "C1",
			Map.of(Type.HDR, "C1"), "C3", Map.of(Type.EK, "C3", Type.EK_ACK, "C5"), "C4",
			Map.of(Type.ACK, "C6", Type.EK_ACK, "C6"), "C5", Map.of(Type.EK, "C5", Type.EK_ACK, "C5"));

	private static final Map<String, BraidState> STATES = states();

	@Test
	void everyStateIsReached() {
		assertThat(STATES).containsOnlyKeys("K1", "K2", "K3", "K4", "K5", "C1", "C2", "C3", "C4", "C5", "C6");
	}

	@TestFactory
	Stream<DynamicTest> everyStateReactsToEveryTypeAsSpecified() {
		List<DynamicTest> tests = new ArrayList<>();
		STATES.forEach((name, state) -> {
			for (Type type : Type.values()) {
				String next = TRANSITIONS.getOrDefault(name, Map.of()).get(type);
				tests.add(DynamicTest.dynamicTest(
						name + " receives " + type + ": " + ((next != null) ? "then " + next : "nothing changes"),
						() -> assertReaction(state, type, next)));
			}
		});
		return tests.stream();
	}

	@TestFactory
	Stream<DynamicTest> aMessageOfAnEarlierEpochChangesNothing() {
		return STATES.keySet().stream().map((name) -> DynamicTest.dynamicTest(name, () -> {
			BraidState state = STATES.get(name);
			for (Type type : Type.values()) {
				assertThat(state.receive(message(state.epoch() - 1, type)).next()).isSameAs(state);
			}
		}));
	}

	@TestFactory
	Stream<DynamicTest> aMessageOfTheNextEpochIsRefusedUnlessTheCiphertextIsOut() {
		return STATES.keySet().stream().map((name) -> DynamicTest.dynamicTest(name, () -> {
			BraidState state = STATES.get(name);
			SpqrMessage message = message(state.epoch() + 1, Type.NONE);
			if (name.equals("C6")) {
				BraidState next = state.receive(message).next();
				assertThat(next).isInstanceOf(KeysUnsampled.class);
				assertThat(next.epoch()).isEqualTo(state.epoch() + 1);
			}
			else {
				assertRefused(state, message);
			}
		}));
	}

	@TestFactory
	Stream<DynamicTest> aMessageOfAnEpochFurtherAheadIsRefused() {
		return STATES.keySet().stream().map((name) -> DynamicTest.dynamicTest(name, () -> {
			BraidState state = STATES.get(name);
			assertRefused(state, message(state.epoch() + 2, Type.NONE));
			assertRefused(state, message(-1, Type.NONE));
		}));
	}

	private static void assertReaction(BraidState state, Type type, String next) {
		BraidState.Incoming incoming = state.receive(message(state.epoch(), type));
		assertThat(incoming.secret()).isNull();
		if (next == null) {
			assertThat(incoming.next()).isSameAs(state);
		}
		else {
			assertThat(incoming.next()).isNotSameAs(state);
			assertThat(StateNames.of(incoming.next())).isEqualTo(next);
			assertThat(incoming.next().epoch()).isEqualTo(state.epoch());
		}
	}

	private static void assertRefused(BraidState state, SpqrMessage message) {
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> state.receive(message))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.EPOCH_OUT_OF_RANGE);
	}

	private static SpqrMessage message(long epoch, Type type) {
		Chunk chunk = type.hasChunk() ? new Chunk(50_000, new byte[Chunk.SIZE]) : null;
		return new SpqrMessage(epoch, 1, new BraidMessage(type, chunk));
	}

	/** The first state of each kind from the third epoch on, in a session with bursts. */
	private static Map<String, BraidState> states() {
		Map<String, BraidState> states = new LinkedHashMap<>();
		Random turns = new Random(1);
		TwoParties parties = new TwoParties(1);
		while (states.size() < 11 && parties.epoch(Direction.A2B) < 30) {
			Direction sender = turns.nextBoolean() ? Direction.A2B : Direction.B2A;
			for (int i = turns.nextInt(5); i >= 0; i--) {
				parties.talk(sender);
				for (Direction party : Direction.values()) {
					if (parties.epoch(party) > 2) {
						BraidState state = braid(parties.state(party));
						states.putIfAbsent(StateNames.of(state), state);
					}
				}
			}
		}
		return states;
	}

	private static BraidState braid(SpqrState state) {
		ProtobufReader reader = new ProtobufReader(state.encode());
		while (reader.next() && reader.field() != 3) {
			reader.skip();
		}
		return BraidState.decode(reader.message());
	}

}
