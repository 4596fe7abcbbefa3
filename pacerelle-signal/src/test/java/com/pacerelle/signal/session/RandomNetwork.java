package com.pacerelle.signal.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ratchet.DoubleRatchet;

/**
 * Sends messages of a conversation in both directions while it loses, reorders and
 * repeats some, as a seed tells. Messages of chains that the receiver has given up must
 * be refused, all others must be read.
 */
final class RandomNetwork {

	private final Conversation conversation;

	private final long seed;

	private final Random random;

	private final Map<Endpoint, List<Conversation.Message>> underway = new HashMap<>();

	private final Map<Endpoint, Deque<EcPublicKey>> chains = new HashMap<>();

	private final List<Conversation.Message> delivered = new ArrayList<>();

	private double loss;

	private double repetition;

	private int window = 1;

	private boolean restarting;

	RandomNetwork(Conversation conversation, long seed) {
		this.conversation = conversation;
		this.seed = seed;
		this.random = new Random(seed);
		for (Endpoint endpoint : List.of(conversation.initiator, conversation.responder)) {
			this.underway.put(endpoint, new ArrayList<>());
			this.chains.put(endpoint, new ArrayDeque<>());
		}
	}

	void lose(double share) {
		this.loss = share;
	}

	void repeat(double share) {
		this.repetition = share;
	}

	/**
	 * Lets messages overtake others.
	 * @param messages how many may be underway in each direction
	 */
	void reorder(int messages) {
		this.window = messages;
	}

	/**
	 * Restarts an endpoint before each of its operations.
	 */
	void restart() {
		this.restarting = true;
	}

	Conversation conversation() {
		return this.conversation;
	}

	void run(int messages) {
		try {
			for (int i = 0; i < messages; i++) {
				step();
			}
		}
		catch (RuntimeException | AssertionError ex) {
			throw new AssertionError("Failed with " + this, ex);
		}
	}

	private void step() {
		// Bursts of both sides, the first of which can only come from the initiator.
		Endpoint sender = (this.delivered.isEmpty() || this.random.nextBoolean()) ? this.conversation.initiator
				: this.conversation.responder;
		restart(sender);
		Conversation.Message message = this.conversation.send(sender);
		List<Conversation.Message> queue = this.underway.get(message.receiver());
		if (this.random.nextDouble() >= this.loss) {
			queue.add(message);
		}
		if (queue.size() >= this.window) {
			receive(queue.remove(this.random.nextInt(queue.size())));
		}
		if (!this.delivered.isEmpty() && this.random.nextDouble() < this.repetition) {
			Conversation.Message repeated = this.delivered
				.get(this.delivered.size() - 1 - this.random.nextInt(Math.min(5, this.delivered.size())));
			if (isKept(repeated)) {
				this.conversation.refuseAsDuplicate(repeated);
			}
		}
	}

	private void receive(Conversation.Message message) {
		restart(message.receiver());
		if (isGivenUp(message)) {
			this.conversation.refuse(message);
			return;
		}
		this.conversation.deliver(message);
		this.delivered.add(message);
		Deque<EcPublicKey> known = this.chains.get(message.receiver());
		if (!known.contains(message.signalMessage().ratchetKey())) {
			known.add(message.signalMessage().ratchetKey());
		}
	}

	private boolean isGivenUp(Conversation.Message message) {
		return this.chains.get(message.receiver()).contains(message.signalMessage().ratchetKey()) && !isKept(message);
	}

	private boolean isKept(Conversation.Message message) {
		return this.chains.get(message.receiver())
			.stream()
			.skip(Math.max(0, this.chains.get(message.receiver()).size() - DoubleRatchet.MAX_RECEIVER_CHAINS))
			.anyMatch(message.signalMessage().ratchetKey()::equals);
	}

	private void restart(Endpoint endpoint) {
		if (this.restarting) {
			endpoint.restart();
		}
	}

	@Override
	public String toString() {
		return "seed " + this.seed;
	}

}
