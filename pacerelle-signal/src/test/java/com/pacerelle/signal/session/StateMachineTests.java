package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import com.pacerelle.signal.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Conversations with libsignal in which everything happens that can happen to sessions:
 * loss, reordering, repetition, restarts, other sessions from either side and from both
 * at once. {@code -Dstate-machine.messages=1000000} makes it longer, and
 * {@code -Dstate-machine.seed=7} starts with the conversation that a failure names.
 * <p>
 * A seed determines all that happens and all keys, apart from the ephemeral ones of
 * libsignal, which takes no random source; for these, a failure writes down the message
 * and the sessions of both sides.
 */
class StateMachineTests {

	/** Of one conversation. */
	private static final int MESSAGES = 1000;

	static LongStream seeds() {
		return LongStream.range(0, Integer.getInteger("state-machine.messages", 20_000) / MESSAGES)
			.map((number) -> Long.getLong("state-machine.seed", 1) + number);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void allMessagesThatCanBeReadAreRead(long seed) {
		SecureRandom random = new SeededRandom(seed);
		Endpoint own = new OwnEndpoint(11, random);
		Endpoint libsignal = new LibsignalEndpoint(22, random);
		Conversation conversation = (seed % 2 == 0) ? new Conversation(own, libsignal)
				: new Conversation(libsignal, own);
		network(conversation, seed).run(MESSAGES);
		assertThat(conversation.epoch()).isPositive();
	}

	@Test
	void aSeedReproducesTheRunWithItsKeys() {
		assertThat(records(5)).usingRecursiveComparison().isEqualTo(records(5));
		assertThat(records(5).get(0)).isNotEqualTo(records(6).get(0));
	}

	private static List<byte[]> records(long seed) {
		SecureRandom random = new SeededRandom(seed);
		List<Endpoint> endpoints = List.of(new OwnEndpoint(11, random), new OwnEndpoint(22, random));
		network(new Conversation(endpoints.get(0), endpoints.get(1)), seed).run(MESSAGES);
		List<byte[]> records = new ArrayList<>();
		endpoints.forEach((endpoint) -> records.add(endpoint.encodedRecord()));
		return records;
	}

	private static RandomNetwork network(Conversation conversation, long seed) {
		conversation.initiator.process(conversation.responder.bundle());
		RandomNetwork network = new RandomNetwork(conversation, seed);
		network.lose(0.1);
		network.reorder(1 + (int) (seed % 12));
		network.repeat(0.1);
		network.restart(0.05);
		network.initiate(0.01);
		return network;
	}

}
