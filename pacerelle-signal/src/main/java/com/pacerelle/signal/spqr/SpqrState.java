package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One party's state of the Sparse Post-Quantum Ratchet, immutable: each operation returns
 * the state that follows, and one that fails changes nothing (spqr.md section 11). A
 * state shares what has not changed with the one before it, so neither erases secrets of
 * the other; it is the stored form that must not outlive its successor.
 */
public final class SpqrState {

	/** Dropped with the first message that was received. */
	private final @Nullable Negotiation negotiation;

	/** Made with the first message, in whichever direction. */
	private final @Nullable KeyChain chain;

	private final BraidState braid;

	private SpqrState(@Nullable Negotiation negotiation, @Nullable KeyChain chain, BraidState braid) {
		this.negotiation = negotiation;
		this.chain = chain;
		this.braid = braid;
	}

	/**
	 * The state at the start of a session, with version 1, minimum version 1 and the
	 * default limits (spqr.md section 3).
	 * @param direction the party
	 * @param authKey the 32 bytes that PQXDH derived for SPQR, which are copied
	 * @return the first state
	 */
	public static SpqrState initial(Direction direction, byte[] authKey) {
		return initial(direction, authKey, Limits.DEFAULT);
	}

	static SpqrState initial(Direction direction, byte[] authKey, Limits limits) {
		return new SpqrState(new Negotiation(authKey.clone(), direction, limits), null,
				BraidState.initial(direction, authKey));
	}

	/**
	 * Reads a stored state (spqr.md appendix A).
	 * @param blob what {@link #encode()} returned
	 * @return the state
	 * @throws SpqrException with {@code STATE_DECODE} if the blob is not a state of
	 * version 1
	 */
	public static SpqrState decode(byte[] blob) {
		return decode(new ProtobufReader(blob));
	}

	/**
	 * Reads a stored state without a copy of the whole.
	 * @param reader the message that {@link #write} has written
	 * @return the state
	 * @throws SpqrException with {@code STATE_DECODE} if the message is not a state of
	 * version 1
	 */
	public static SpqrState decode(ProtobufReader reader) {
		try {
			return read(reader);
		}
		catch (ProtobufException ex) {
			throw StoredState.broken("encoding: " + ex.getMessage());
		}
	}

	/**
	 * The state in the format of spqr.md appendix A. It holds secrets.
	 * @return the blob, about 1 to 7 kB and 36 bytes for each skipped key
	 */
	public byte[] encode() {
		ProtobufWriter writer = new ProtobufWriter();
		write(writer);
		return writer.toByteArray();
	}

	/**
	 * Writes the state as a message of spqr.md appendix A, see {@link #encode()}.
	 * @param writer takes its fields
	 */
	public void write(ProtobufWriter writer) {
		if (this.negotiation != null) {
			writer.message(1, this.negotiation.encode());
		}
		if (this.chain != null) {
			writer.message(2, this.chain::write);
		}
		writer.message(3, this.braid.encode());
	}

	/**
	 * Makes the SPQR part of the next outgoing message.
	 * @param random draws 64 bytes for a key pair, 32 for an encapsulation, else nothing
	 * @return the message, its key and the next state
	 */
	public Sent send(SecureRandom random) {
		BraidState.Outgoing outgoing = this.braid.send(random);
		long epoch = this.braid.epoch();
		KeyChain.Taken taken = chainWith(outgoing.secret()).takeSendKey(epoch - 1);
		byte[] message = new SpqrMessage(epoch, taken.number(), outgoing.message()).serialize();
		return new Sent(message, taken.key(), new SpqrState(this.negotiation, taken.next(), outgoing.next()));
	}

	/**
	 * Requires that bytes have the shape of an SPQR message which carries a key.
	 * @param message the bytes of field 5, possibly empty
	 * @throws SpqrException if they have not, whatever the state
	 */
	public static void requireWellFormed(byte[] message) {
		if (SpqrMessage.parse(message).index() == 0) {
			throw new SpqrException(Reason.KEY_ALREADY_REQUESTED, "The message has no key");
		}
	}

	/**
	 * Says what {@link #receive} would cost, and costs next to nothing itself.
	 * @param message a well-formed message
	 * @return how many keys have to be derived to have that of the message
	 * @throws SpqrException if there is no key for the message
	 */
	public int jump(byte[] message) {
		SpqrMessage parsed = SpqrMessage.parse(message);
		// A secret that the message completes is for an epoch after that of its key.
		return chainWith(null).jump(parsed.epoch() - 1, parsed.index());
	}

	/**
	 * Takes the SPQR part of an incoming message.
	 * @param message the bytes of field 5, possibly empty
	 * @return the key of the message and the next state, to be committed only when the
	 * message's MAC is good
	 * @throws SpqrException if the message is refused
	 */
	public Received receive(byte[] message) {
		if (message.length == 0 || message[0] == 0) {
			throw (this.negotiation != null)
					? new SpqrException(Reason.MINIMUM_VERSION, "The message has no post-quantum part")
					: new SpqrException(Reason.VERSION_MISMATCH, "The message has another version than the session");
		}
		SpqrMessage parsed = SpqrMessage.parse(message);
		BraidState.Incoming incoming = this.braid.receive(parsed);
		KeyChain.Taken taken = chainWith(incoming.secret()).takeReceiveKey(parsed.epoch() - 1, parsed.index());
		return new Received(taken.key(), new SpqrState(null, taken.next(), incoming.next()));
	}

	/**
	 * Names the state of the exchange and nothing of its content.
	 */
	@Override
	public String toString() {
		return "SpqrState[" + this.braid.getClass().getSimpleName() + ", epoch="
				+ Long.toUnsignedString(this.braid.epoch()) + "]";
	}

	private KeyChain chainWith(@Nullable EpochSecret secret) {
		KeyChain present = (this.chain != null) ? this.chain : startChain();
		if (secret == null) {
			return present;
		}
		try {
			return present.add(secret);
		}
		finally {
			secret.erase();
		}
	}

	private KeyChain startChain() {
		if (this.negotiation == null) {
			throw new IllegalStateException("There is neither a key chain nor what it starts from");
		}
		return this.negotiation.startChain();
	}

	private static SpqrState read(ProtobufReader reader) {
		Negotiation negotiation = null;
		KeyChain chain = null;
		BraidState braid = null;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> negotiation = Negotiation.decode(reader.message());
				case 2 -> chain = KeyChain.decode(reader.message());
				case 3 -> braid = BraidState.decode(reader.message());
				default -> reader.skip();
			}
		}
		if (braid == null) {
			throw StoredState.broken("structure");
		}
		checkConsistency(negotiation, chain, braid);
		return new SpqrState(negotiation, chain, braid);
	}

	/** So that a state which can be read can also be used. */
	private static void checkConsistency(@Nullable Negotiation negotiation, @Nullable KeyChain chain,
			BraidState braid) {
		Direction direction;
		long currentEpoch = 0;
		long sendingEpoch = 0;
		if (chain != null) {
			direction = chain.direction();
			currentEpoch = chain.currentEpoch();
			sendingEpoch = chain.sendingEpoch();
		}
		else if (negotiation != null) {
			direction = negotiation.direction();
		}
		else {
			throw StoredState.broken("structure");
		}
		long keyEpoch = braid.epoch() - 1;
		StoredState.check(currentEpoch == (braid.isSecretKnown() ? braid.epoch() : keyEpoch), "epoch");
		StoredState.check(Long.compareUnsigned(sendingEpoch, keyEpoch) <= 0, "epoch");
		StoredState.check(braid instanceof BraidState.KeySide == direction.isKeySide(braid.epoch()), "direction");
	}

	/**
	 * The outcome of {@link SpqrState#send(SecureRandom)}.
	 *
	 * @param message the SPQR message, 4 to 52 bytes, not encrypted
	 * @param key the 32-byte key of the message, to be erased after use
	 * @param next the state that follows, to be stored before the message leaves
	 */
	public record Sent(byte[] message, byte[] key, SpqrState next) {

		@Override
		public String toString() {
			return "Sent[next=" + this.next + "]";
		}

	}

	/**
	 * The outcome of {@link SpqrState#receive(byte[])}.
	 *
	 * @param key the 32-byte key of the message, to be erased after use
	 * @param next the state that follows
	 */
	public record Received(byte[] key, SpqrState next) {

		@Override
		public String toString() {
			return "Received[next=" + this.next + "]";
		}

	}

}
