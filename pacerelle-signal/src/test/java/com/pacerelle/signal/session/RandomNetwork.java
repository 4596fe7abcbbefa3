package com.pacerelle.signal.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of a conversation in both directions while it loses, reorders and
 * repeats some, restarts endpoints, and starts other sessions from either side or from
 * both at once, as a seed tells. Messages of chains that the receiver has given up must
 * be refused, all others must be read.
 */
final class RandomNetwork {

	private final Conversation conversation;

	private final long seed;

	private final Random random;

	private final Map<Endpoint, List<Conversation.Message>> underway = new HashMap<>();

	/** By the session's base key, the ratchet keys of its chains, the newest last. */
	private final Map<Endpoint, Map<EcPublicKey, Deque<EcPublicKey>>> chains = new HashMap<>();

	/** The base key of the session of each ratchet key. */
	private final Map<EcPublicKey, EcPublicKey> sessions = new HashMap<>();

	private final List<Conversation.Message> delivered = new ArrayList<>();

	private double loss;

	private double repetition;

	private int window = 1;

	private double restarts;

	private double initiations;

	private boolean started;

	private Conversation.@Nullable Message last;

	RandomNetwork(Conversation conversation, long seed) {
		this.conversation = conversation;
		this.seed = seed;
		this.random = new Random(seed);
		for (Endpoint endpoint : List.of(conversation.initiator, conversation.responder)) {
			this.underway.put(endpoint, new ArrayList<>());
			this.chains.put(endpoint, new HashMap<>());
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
		restart(1);
	}

	void restart(double share) {
		this.restarts = share;
	}

	/**
	 * Starts other sessions, one of four times from both sides at once.
	 * @param share how often before a message
	 */
	void initiate(double share) {
		this.initiations = share;
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
			throw new AssertionError("Failed with " + this + written(), ex);
		}
	}

	private void step() {
		initiate();
		// Bursts of both sides, the first of which can only come from the initiator.
		Endpoint sender = ((this.delivered.isEmpty() && !this.started) || this.random.nextBoolean())
				? this.conversation.initiator : this.conversation.responder;
		restart(sender);
		Conversation.Message message = this.conversation.send(sender);
		this.sessions.computeIfAbsent(message.signalMessage().ratchetKey(), (key) -> session(sender));
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
				this.last = repeated;
				this.conversation.refuseAsDuplicate(repeated);
			}
		}
	}

	private void initiate() {
		if (this.initiations == 0 || this.random.nextDouble() >= this.initiations) {
			return;
		}
		boolean both = this.random.nextInt(4) == 0;
		boolean initiator = this.random.nextBoolean();
		if (both || initiator) {
			this.conversation.initiator.process(this.conversation.responder.bundle());
		}
		if (both || !initiator) {
			this.conversation.responder.process(this.conversation.initiator.bundle());
			this.started = true;
		}
	}

	private static EcPublicKey session(Endpoint endpoint) {
		Session current = SessionRecord.decode(endpoint.encodedRecord()).current();
		return Objects.requireNonNull(current).context().baseKey();
	}

	private void receive(Conversation.Message message) {
		this.last = message;
		restart(message.receiver());
		if (isGivenUp(message)) {
			this.conversation.refuse(message);
			return;
		}
		this.conversation.deliver(message);
		this.delivered.add(message);
		Deque<EcPublicKey> known = known(message);
		if (!known.contains(message.signalMessage().ratchetKey())) {
			known.add(message.signalMessage().ratchetKey());
		}
	}

	private boolean isGivenUp(Conversation.Message message) {
		return known(message).contains(message.signalMessage().ratchetKey()) && !isKept(message);
	}

	private boolean isKept(Conversation.Message message) {
		Deque<EcPublicKey> known = known(message);
		return known.stream()
			.skip(Math.max(0, known.size() - DoubleRatchet.MAX_RECEIVER_CHAINS))
			.anyMatch(message.signalMessage().ratchetKey()::equals);
	}

	private Deque<EcPublicKey> known(Conversation.Message message) {
		return this.chains.get(message.receiver())
			.computeIfAbsent(this.sessions.get(message.signalMessage().ratchetKey()), (session) -> new ArrayDeque<>());
	}

	private void restart(Endpoint endpoint) {
		if (this.restarts > 0 && (this.restarts == 1 || this.random.nextDouble() < this.restarts)) {
			endpoint.restart();
		}
	}

	/**
	 * Writes what repeats a failure where the seed alone does not: libsignal makes its
	 * ephemeral keys itself. A refused message has changed nothing.
	 */
	private String written() {
		Conversation.Message failed = this.last;
		if (failed == null) {
			return "";
		}
		Path file = Path.of("target", "failed-network-" + this.seed + ".txt");
		try {
			Files.write(file, List.of("frame " + HexFormat.of().formatHex(failed.frame()),
					"receiver's sessions " + HexFormat.of().formatHex(failed.receiver().encodedRecord()),
					"sender's sessions "
							+ HexFormat.of().formatHex(this.conversation.other(failed.receiver()).encodedRecord())));
			return "; the message and the sessions are in " + file;
		}
		catch (IOException ex) {
			return "; " + ex;
		}
	}

	@Override
	public String toString() {
		return "seed " + this.seed;
	}

}
