package com.pacerelle.signal.spqr;

import com.pacerelle.signal.protobuf.ProtobufReader;

/**
 * Which party of the session a state belongs to. The ordinals are the stored numbers.
 */
public enum Direction {

	/** The initiator of the session. */
	A2B,

	/** The responder. */
	B2A;

	/**
	 * Whether this party makes the key pair: the initiator in odd epochs, the responder
	 * in even ones.
	 * @param epoch the braid epoch
	 * @return whether it is the key side
	 */
	boolean isKeySide(long epoch) {
		return (this == A2B) == (epoch % 2 != 0);
	}

	static Direction decode(ProtobufReader reader) {
		long number = reader.uint64();
		StoredState.check(number == 0 || number == 1, "direction");
		return (number == 0) ? A2B : B2A;
	}

}
