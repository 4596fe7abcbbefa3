package com.pacerelle.sample;

/**
 * What {@link NativePeer#await(Condition...)} waits for. The numbers count from the start
 * of the relay.
 *
 * @param name the name that the peer knows
 * @param value its value
 */
record Condition(String name, Object value) {

	/** At least so many messages of people are answered. */
	static Condition answered(int count) {
		return new Condition("answered", count);
	}

	/** At least so many replies have come. */
	static Condition replies(int count) {
		return new Condition("replies", count);
	}

	/** The agent has acknowledged all that was delivered. */
	static Condition allAcknowledged() {
		return unacknowledged(0);
	}

	/** At most so many delivered messages are not acknowledged. */
	static Condition unacknowledged(int count) {
		return new Condition("unacked", count);
	}

	/** The agent has connected so often. */
	static Condition connections(int count) {
		return new Condition("connections", count);
	}

	/** The agent is connected. */
	static Condition connected() {
		return new Condition("connected", true);
	}

	/** The relay has noticed that the agent is gone. */
	static Condition disconnected() {
		return new Condition("connected", false);
	}

	/** The agent has published its prekey bundle so often. */
	static Condition published(int count) {
		return new Condition("uploads", count);
	}

	/** At least so many one-time prekeys are left. */
	static Condition oneTimePrekeys(int count) {
		return new Condition("one_time", count);
	}

	/** At least so many frames have come once more. */
	static Condition resent(int count) {
		return new Condition("resent", count);
	}

	/** At least so many acknowledgements have come. */
	static Condition acknowledgements(int count) {
		return new Condition("acks", count);
	}

	/** At least so many pings have come. */
	static Condition pings(int count) {
		return new Condition("pings", count);
	}

	/** Nobody chats any more. */
	static Condition chatsOver() {
		return new Condition("run", true);
	}

}
