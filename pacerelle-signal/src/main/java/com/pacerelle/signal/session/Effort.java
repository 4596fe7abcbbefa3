package com.pacerelle.signal.session;

import com.pacerelle.signal.MessageDeferredException;

/**
 * How much may be done for a message before it has proved authentic.
 */
enum Effort {

	/** All that the protocol allows. */
	FULL(Integer.MAX_VALUE),

	/** No more than for an honest message of which few were lost before it. */
	CHEAP(100);

	private final int maxJump;

	Effort(int maxJump) {
		this.maxJump = maxJump;
	}

	/**
	 * Requires that a message is not too far ahead.
	 * @param jump how many messages are skipped
	 * @throws MessageDeferredException if there are more than allowed
	 */
	void requireNear(int jump) {
		if (jump > this.maxJump) {
			throw new MessageDeferredException("The message skips more messages than are derived now");
		}
	}

	/**
	 * Requires that archived sessions may be tried one after the other.
	 * @throws MessageDeferredException if not
	 */
	void requireSearch() {
		if (this == CHEAP) {
			throw new MessageDeferredException("The message is for no session that can be found now");
		}
	}

}
