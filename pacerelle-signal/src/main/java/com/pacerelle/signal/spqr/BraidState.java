package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The state machine that carries out one ML-KEM exchange per epoch, a chunk at a time
 * (spqr.md section 9). The states are immutable and carry the names of the published
 * specification, "The ML-KEM Braid Protocol" (signal.org); the two-character names of
 * spqr.md stand in their Javadoc.
 * <p>
 * A state shares its arrays with those that come before and after it, because an
 * operation may fail or its outcome be discarded, and then the state before it goes on.
 * So secrets inside of states are left to the garbage collector; what is erased are the
 * secrets that no state holds, in the operation that made them.
 */
sealed interface BraidState {

	int HEADER_PAYLOAD_SIZE = IncrementalMlKem768.HEADER_SIZE + Authenticator.MAC_SIZE;

	int CT2_PAYLOAD_SIZE = IncrementalMlKem768.CT2_SIZE + Authenticator.MAC_SIZE;

	/**
	 * The state at the start of a session.
	 * @param direction the party
	 * @param authKey the 32 bytes that PQXDH derived for SPQR
	 * @return the state
	 */
	static BraidState initial(Direction direction, byte[] authKey) {
		Authenticator authenticator = Authenticator.initial(authKey);
		return switch (direction) {
			case A2B -> new KeysUnsampled(1, authenticator);
			case B2A -> NoHeaderReceived.start(1, authenticator);
		};
	}

	/**
	 * The braid epoch.
	 * @return the number of the exchange, unsigned, at least 1
	 */
	long epoch();

	Authenticator authenticator();

	/**
	 * Whether this side knows the secret of this epoch already.
	 * @return whether the key chain has this epoch
	 */
	default boolean isSecretKnown() {
		return false;
	}

	/**
	 * Says what the next message says.
	 * @param random draws 64 bytes for a key pair, 32 for an encapsulation, else nothing
	 * @return the message and what follows
	 */
	Outgoing send(SecureRandom random);

	/**
	 * Hears what the peer said in this epoch. What a state does not wait for changes
	 * nothing.
	 * @param message the message
	 * @return what follows
	 */
	default Incoming receive(BraidMessage message) {
		return new Incoming(this);
	}

	/**
	 * Takes note of a peer that is in a later epoch.
	 * @param later the peer's epoch
	 * @return the state that follows
	 * @throws SpqrException with {@code EPOCH_OUT_OF_RANGE} if the peer cannot be there
	 */
	default BraidState advance(long later) {
		throw new SpqrException(Reason.EPOCH_OUT_OF_RANGE, "The epoch of the message is ahead of the exchange");
	}

	/**
	 * Hears a message of any epoch. One of an earlier epoch says nothing new.
	 * @param message the message
	 * @return what follows
	 */
	default Incoming receive(SpqrMessage message) {
		int order = Long.compareUnsigned(message.epoch(), epoch());
		if (order == 0) {
			return receive(message.content());
		}
		return new Incoming((order < 0) ? this : advance(message.epoch()));
	}

	/**
	 * Writes the state as a message of spqr.md appendix A, which has one field for each
	 * state.
	 * @return the message
	 */
	ProtobufWriter encode();

	/**
	 * Starts the message of a state: the fields that all states have.
	 * @return the message's nested {@code Core}
	 */
	default ProtobufWriter encodeCore() {
		return new ProtobufWriter().uint64(1, epoch()).message(2, authenticator().encode());
	}

	/**
	 * Reads a stored state.
	 * @param reader the message that {@link #encode()} has written
	 * @return the state
	 */
	static BraidState decode(ProtobufReader reader) {
		StoredState.check(reader.next(), "exchange");
		StoredBraid stored = new StoredBraid(reader.message());
		return switch (reader.field()) {
			case KeysUnsampled.FIELD -> KeysUnsampled.decode(stored);
			case KeysSampled.FIELD -> KeysSampled.decode(stored);
			case HeaderSent.FIELD -> HeaderSent.decode(stored);
			case Ct1Received.FIELD -> Ct1Received.decode(stored);
			case EkSentCt1Received.FIELD -> EkSentCt1Received.decode(stored);
			case NoHeaderReceived.FIELD -> NoHeaderReceived.decode(stored);
			case HeaderReceived.FIELD -> HeaderReceived.decode(stored);
			case Ct1Sampled.FIELD -> Ct1Sampled.decode(stored);
			case EkReceivedCt1Sampled.FIELD -> EkReceivedCt1Sampled.decode(stored);
			case Ct1Acknowledged.FIELD -> Ct1Acknowledged.decode(stored);
			case Ct2Sampled.FIELD -> Ct2Sampled.decode(stored);
			default -> throw StoredState.broken("exchange");
		};
	}

	/**
	 * A state of the side that makes the key pair.
	 */
	sealed interface KeySide extends BraidState
			permits KeysUnsampled, KeysSampled, HeaderSent, Ct1Received, EkSentCt1Received {

	}

	/**
	 * A state of the side that encapsulates.
	 */
	sealed interface CiphertextSide extends BraidState
			permits NoHeaderReceived, HeaderReceived, Ct1Sampled, EkReceivedCt1Sampled, Ct1Acknowledged, Ct2Sampled {

	}

	/**
	 * What a side says and what follows.
	 *
	 * @param message what it says
	 * @param secret the epoch secret, if this side has just learned it
	 * @param next the state that follows
	 */
	record Outgoing(BraidMessage message, @Nullable EpochSecret secret, BraidState next) {

		Outgoing(BraidMessage message, BraidState next) {
			this(message, null, next);
		}

	}

	/**
	 * What follows when a side has heard a message.
	 *
	 * @param secret the epoch secret, if this side has just learned it
	 * @param next the state that follows
	 */
	record Incoming(@Nullable EpochSecret secret, BraidState next) {

		Incoming(BraidState next) {
			this(null, next);
		}

	}

}
