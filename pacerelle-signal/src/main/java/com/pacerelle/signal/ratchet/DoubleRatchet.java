package com.pacerelle.signal.ratchet;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MalformedKeyException;
import org.jspecify.annotations.Nullable;

/**
 * One party's state of the Double Ratchet ("The Double Ratchet Algorithm", section 3,
 * signal.org; signal.md sections 7, 10).
 *
 * @param root the root of the next chains
 * @param previousCounter the length of the sender chain before this one, less one
 * @param sender the chain of outgoing messages
 * @param receivers the chains of incoming messages, the oldest first, at most 5
 */
public record DoubleRatchet(RootKey root, int previousCounter, SenderChain sender, List<ReceiverChain> receivers) {

	/** How many chains of incoming messages are kept. */
	public static final int MAX_RECEIVER_CHAINS = 5;

	/** How many skipped messages are kept, of all chains together. */
	static final int MAX_SKIPPED_KEYS = SkippedKeys.MAXIMUM;

	/**
	 * Creates a state.
	 */
	public DoubleRatchet {
		receivers = List.copyOf(receivers);
	}

	/**
	 * The initiator's first state: the responder's signed prekey is its first ratchet
	 * key.
	 * @param root the root that the parties agreed on
	 * @param chain the responder's first sending chain, on which they agreed as well
	 * @param signedPreKey the responder's signed prekey
	 * @param random draws 32 bytes
	 * @return the state
	 */
	public static DoubleRatchet initiator(RootKey root, ChainKey chain, EcPublicKey signedPreKey, SecureRandom random) {
		EcKeyPair ratchetKey = EcKeyPair.generate(random);
		RootKey.Step step = root.step(ratchetKey, signedPreKey);
		return new DoubleRatchet(step.root(), 0, new SenderChain(ratchetKey, step.chain()),
				List.of(new ReceiverChain(signedPreKey, chain, SkippedKeys.NONE)));
	}

	/**
	 * The responder's first state, of which the first message makes a ratchet step.
	 * @param root the root that the parties agreed on
	 * @param chain the first sending chain, on which they agreed as well
	 * @param signedPreKey the own signed prekey
	 * @return the state
	 */
	public static DoubleRatchet responder(RootKey root, ChainKey chain, EcKeyPair signedPreKey) {
		return new DoubleRatchet(root, 0, new SenderChain(signedPreKey, chain), List.of());
	}

	/**
	 * Advances the chain of outgoing messages.
	 * @return the state after the next message is sent
	 */
	public DoubleRatchet withNextSender() {
		return new DoubleRatchet(this.root, this.previousCounter, this.sender.next(), this.receivers);
	}

	/**
	 * Closes the chain of outgoing messages, for a state that was copied and went on
	 * elsewhere: until the peer's next ratchet key makes another chain, nothing is sent.
	 * @return the state without message keys to send with
	 */
	public DoubleRatchet withClosedSender() {
		return new DoubleRatchet(this.root, this.previousCounter, this.sender.closed(), this.receivers);
	}

	/**
	 * Whether there is a chain of outgoing messages.
	 * @return whether messages can be sent
	 */
	public boolean canSend() {
		return this.sender.chainKey() != null;
	}

	/**
	 * Whether messages with a ratchet key were received.
	 * @param ratchetKey the ratchet key
	 * @return whether its chain is kept
	 */
	public boolean knows(EcPublicKey ratchetKey) {
		return chain(ratchetKey) != null;
	}

	private @Nullable ReceiverChain chain(EcPublicKey ratchetKey) {
		for (ReceiverChain chain : this.receivers) {
			if (chain.ratchetKey().equals(ratchetKey)) {
				return chain;
			}
		}
		return null;
	}

	/**
	 * Says what {@link #receive} would cost, and costs next to nothing itself.
	 * @param ratchetKey the message's ratchet key
	 * @param counter the message's counter, unsigned
	 * @return how many steps the chain has to make
	 * @throws DuplicateMessageException if the seed was derived before or discarded
	 * @throws InvalidMessageException if the message is too far ahead
	 */
	public int jump(EcPublicKey ratchetKey, int counter) {
		ReceiverChain chain = chain(ratchetKey);
		return (chain != null) ? chain.jump(counter) : ReceiverChain.requireNear(counter);
	}

	/**
	 * Derives the seed of an incoming message.
	 * @param ratchetKey the message's ratchet key
	 * @param counter the message's counter, unsigned
	 * @return the seed, and what {@link #after} needs once the message proves authentic
	 * @throws DuplicateMessageException if the seed was derived before or discarded
	 * @throws InvalidMessageException if the message is too far ahead
	 * @throws MalformedKeyException if the ratchet key is of low order
	 */
	public Reception receive(EcPublicKey ratchetKey, int counter) {
		ReceiverChain known = chain(ratchetKey);
		if (known != null) {
			return new Reception(known.receive(counter), null);
		}
		RootKey.Step step = this.root.step(this.sender.ratchetKey(), ratchetKey);
		return new Reception(new ReceiverChain(ratchetKey, step.chain(), SkippedKeys.NONE).receive(counter),
				step.root());
	}

	/**
	 * Accepts a message. Only now a new ratchet pair is made for an answer, so that a
	 * forged message costs neither randomness nor two more multiplications.
	 * @param reception what {@link #receive} returned
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the state that follows
	 */
	public DoubleRatchet after(Reception reception, SecureRandom random) {
		List<ReceiverChain> chains = new ArrayList<>(this.receivers);
		ReceiverChain chain = reception.received().next();
		RootKey nextRoot = reception.root();
		if (nextRoot == null) {
			chains.replaceAll((known) -> known.ratchetKey().equals(chain.ratchetKey()) ? chain : known);
			return new DoubleRatchet(this.root, this.previousCounter, this.sender, limited(chains));
		}
		chains.add(chain);
		if (chains.size() > MAX_RECEIVER_CHAINS) {
			chains.subList(0, chains.size() - MAX_RECEIVER_CHAINS).clear();
		}
		EcKeyPair ratchetKey = EcKeyPair.generate(random);
		RootKey.Step step = nextRoot.step(ratchetKey, chain.ratchetKey());
		ChainKey sending = this.sender.chainKey();
		int sent = (sending != null) ? sending.index() : 0;
		return new DoubleRatchet(step.root(), (sent != 0) ? sent - 1 : 0, new SenderChain(ratchetKey, step.chain()),
				limited(chains));
	}

	/**
	 * Bounds what is read and written with every message, however many of them were
	 * skipped.
	 */
	private static List<ReceiverChain> limited(List<ReceiverChain> chains) {
		List<ReceiverChain> limited = new ArrayList<>(chains);
		int room = MAX_SKIPPED_KEYS;
		for (int position = limited.size() - 1; position >= 0; position--) {
			ReceiverChain chain = limited.get(position).withNewestSkipped(room);
			limited.set(position, chain);
			room -= chain.skipped().size();
		}
		return limited;
	}

	/**
	 * The seed of an incoming message and the changes that it would make.
	 *
	 * @param received the seed and the message's chain without it
	 * @param root the next root, if the message has a new ratchet key
	 */
	public record Reception(ReceiverChain.Received received, @Nullable RootKey root) {

		/**
		 * The seed of the message's keys.
		 * @return 32 secret bytes, for the caller to erase
		 */
		public byte[] seed() {
			return this.received.seed();
		}

	}

}
