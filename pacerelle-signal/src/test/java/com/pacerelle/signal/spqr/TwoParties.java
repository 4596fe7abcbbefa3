package com.pacerelle.signal.spqr;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.spqr.SpqrState.Received;
import com.pacerelle.signal.spqr.SpqrState.Sent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Both ends of a session, and a check that every message gives both the same key.
 */
final class TwoParties {

	private static final int MAX_ROUNDS = 10_000;

	private final Map<Direction, SpqrState> states = new EnumMap<>(Direction.class);

	private final SeededRandom random;

	TwoParties(long seed) {
		this.random = new SeededRandom(seed);
		byte[] authKey = new byte[32];
		this.random.nextBytes(authKey);
		for (Direction party : Direction.values()) {
			this.states.put(party, SpqrState.initial(party, authKey));
		}
	}

	static Direction peerOf(Direction party) {
		return (party == Direction.A2B) ? Direction.B2A : Direction.A2B;
	}

	SpqrState state(Direction party) {
		return this.states.get(party);
	}

	String nameOfState(Direction party) {
		return StateNames.of(state(party));
	}

	long epoch(Direction party) {
		return Long.parseLong(nameOfState(party).split(" ")[2]);
	}

	/**
	 * Lets a party make a message.
	 * @param party the sender
	 * @return the message and its key
	 */
	Sent send(Direction party) {
		Sent sent = state(party).send(this.random);
		this.states.put(party, sent.next());
		return sent;
	}

	/**
	 * Delivers a message to the other party and compares the keys.
	 * @param party the receiver
	 * @param sent the message
	 */
	void deliver(Direction party, Sent sent) {
		Received received = state(party).receive(sent.message());
		assertThat(received.key()).isEqualTo(sent.key());
		this.states.put(party, received.next());
	}

	void talk(Direction sender) {
		deliver(peerOf(sender), send(sender));
	}

	/**
	 * Lets the parties talk in turns until something is the case.
	 * @param condition what to wait for
	 */
	void talkUntil(BooleanSupplier condition) {
		Direction sender = Direction.A2B;
		for (int i = 0; !condition.getAsBoolean(); i++) {
			assertThat(i).as("rounds without reaching the condition").isLessThan(MAX_ROUNDS);
			talk(sender);
			sender = peerOf(sender);
		}
	}

	/**
	 * Stores the state of a party and reads it again.
	 * @param party the party
	 */
	void restart(Direction party) {
		byte[] blob = state(party).encode();
		SpqrState read = SpqrState.decode(blob);
		assertThat(read.encode()).isEqualTo(blob);
		this.states.put(party, read);
	}

}
