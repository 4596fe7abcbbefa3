package com.pacerelle.client.encryption;

import com.pacerelle.client.GatewayEvent.RejectionReason;

/**
 * A payload cannot be read, and its message is refused.
 */
public final class PayloadRefusedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final RejectionReason reason;

	PayloadRefusedException(RejectionReason reason) {
		super("The payload is refused: " + reason);
		this.reason = reason;
	}

	public RejectionReason reason() {
		return this.reason;
	}

}
