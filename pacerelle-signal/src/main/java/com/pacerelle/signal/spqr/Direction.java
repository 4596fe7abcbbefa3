package com.pacerelle.signal.spqr;

/**
 * Which party of the session a state belongs to.
 */
public enum Direction {

	/** The initiator of the session. */
	A2B,

	/** The responder. */
	B2A

}
