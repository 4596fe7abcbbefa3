package com.pacerelle.client;

import com.pacerelle.client.GatewayEvent.RejectionReason;

/**
 * A payload cannot be read, and its message is refused.
 */
final class PayloadRefusedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final RejectionReason reason;

	PayloadRefusedException(RejectionReason reason) {
		super("The payload is refused: " + reason);
		this.reason = reason;
	}

	RejectionReason reason() {
		return this.reason;
	}

}
