package com.pacerelle.client.inbound;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.KnownIdentity;

/**
 * The outcome of an inbound message (gateway.md section 4.1).
 */
public sealed interface Acceptance {

	/**
	 * The message is decrypted and stored, the handler is to be called.
	 *
	 * @param message what the handler gets
	 * @param restorable whether it can be read from the store again, without its frame
	 * @param attempts how often it was handled, and failed
	 */
	record Pending(AgentMessage message, boolean restorable, int attempts) implements Acceptance {
	}

	/**
	 * The message is decrypted and stored, and waits until its device is trusted.
	 *
	 * @param sender the identity of the device
	 */
	record Waiting(KnownIdentity sender) implements Acceptance {
	}

	/**
	 * The message is decrypted and stored, but answers nothing that was asked.
	 *
	 * @param reason why it is refused
	 */
	record AnswerRefused(GatewayEvent.AnswerRefused.Reason reason) implements Acceptance {
	}

	/**
	 * The message was handled before: it is acknowledged again.
	 */
	record Accepted() implements Acceptance {
	}

	/**
	 * The message is refused, and not acknowledged.
	 *
	 * @param reason why
	 */
	record Refused(RejectionReason reason) implements Acceptance {
	}

	/**
	 * The same bytes were refused for good before.
	 */
	record RefusedBefore() implements Acceptance {
	}

}
