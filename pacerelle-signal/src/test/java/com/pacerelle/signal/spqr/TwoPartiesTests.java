package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.pacerelle.signal.spqr.SpqrState.Sent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Long random sessions. The name of a test that fails says its seed.
 */
class TwoPartiesTests {

	private static final int EPOCHS = 11;

	/** Few enough that no message is older than the epochs whose keys are kept. */
	private static final int MAX_OVERTAKEN = 8;

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 11, 12, 13 })
	void bothDeriveEqualKeysWhenMessagesAreLostAndReordered(long seed) {
		Random network = new Random(seed);
		TwoParties parties = new TwoParties(seed);
		Map<Direction, List<Sent>> underway = new EnumMap<>(
				Map.of(Direction.A2B, new ArrayList<>(), Direction.B2A, new ArrayList<>()));
		while (!bothReached(parties, EPOCHS)) {
			Direction party = network.nextBoolean() ? Direction.A2B : Direction.B2A;
			List<Sent> incoming = underway.get(TwoParties.peerOf(party));
			if (incoming.isEmpty() || network.nextBoolean()) {
				Sent sent = parties.send(party);
				if (network.nextInt(100) >= 30) {
					underway.get(party).add(sent);
				}
			}
			else {
				int overtaken = network.nextInt(Math.min(incoming.size(), MAX_OVERTAKEN));
				parties.deliver(party, incoming.remove(overtaken));
			}
			parties.restart(party);
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 21, 22, 23 })
	void bothDeriveEqualKeysWhenOneOfThemTalksForLong(long seed) {
		Random lengths = new Random(seed);
		TwoParties parties = new TwoParties(seed);
		Direction sender = Direction.A2B;
		while (!bothReached(parties, EPOCHS)) {
			for (int i = lengths.nextInt(150); i >= 0; i--) {
				parties.talk(sender);
			}
			sender = TwoParties.peerOf(sender);
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 31, 32, 33 })
	void aStoredStateBehavesLikeTheStateItself(long seed) {
		TwoParties inMemory = new TwoParties(seed);
		TwoParties stored = new TwoParties(seed);
		Random turns = new Random(seed);
		while (!bothReached(inMemory, 4)) {
			Direction sender = turns.nextBoolean() ? Direction.A2B : Direction.B2A;
			stored.restart(sender);
			stored.restart(TwoParties.peerOf(sender));
			Sent first = inMemory.send(sender);
			Sent second = stored.send(sender);
			assertThat(second.message()).isEqualTo(first.message());
			assertThat(second.key()).isEqualTo(first.key());
			if (turns.nextInt(10) > 0) {
				inMemory.deliver(TwoParties.peerOf(sender), first);
				stored.deliver(TwoParties.peerOf(sender), second);
			}
			assertThat(stored.state(sender).encode()).isEqualTo(inMemory.state(sender).encode());
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 41, 42, 43 })
	void garbageLeavesTheStateUsable(long seed) {
		Random attacker = new Random(seed);
		TwoParties parties = new TwoParties(seed);
		Direction sender = Direction.A2B;
		while (!bothReached(parties, 3)) {
			Sent sent = parties.send(sender);
			SpqrState receiver = parties.state(TwoParties.peerOf(sender));
			byte[] before = receiver.encode();
			for (int i = 0; i < 10; i++) {
				byte[] garbage = garbage(attacker, sent.message());
				Throwable refused = catchThrowable(() -> receiver.receive(garbage));
				assertThat(refused).satisfiesAnyOf((ex) -> assertThat(ex).isNull(),
						(ex) -> assertThat(ex).isInstanceOf(SpqrException.class));
			}
			assertThat(receiver.encode()).isEqualTo(before);
			parties.deliver(TwoParties.peerOf(sender), sent);
			sender = TwoParties.peerOf(sender);
		}
	}

	/** Random bytes, or a message with a few bytes changed or cut off. */
	private static byte[] garbage(Random attacker, byte[] message) {
		if (attacker.nextInt(4) == 0) {
			byte[] garbage = new byte[attacker.nextInt(60)];
			attacker.nextBytes(garbage);
			return garbage;
		}
		byte[] changed = Arrays.copyOf(message,
				attacker.nextBoolean() ? message.length : attacker.nextInt(message.length) + 1);
		for (int i = attacker.nextInt(3); i >= 0; i--) {
			changed[attacker.nextInt(changed.length)] = (byte) attacker.nextInt();
		}
		return changed;
	}

	private static boolean bothReached(TwoParties parties, int epoch) {
		return parties.epoch(Direction.A2B) >= epoch && parties.epoch(Direction.B2A) >= epoch;
	}

}
