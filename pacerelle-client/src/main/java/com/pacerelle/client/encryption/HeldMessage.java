package com.pacerelle.client.encryption;

import java.util.List;

import com.pacerelle.client.store.Change;
import com.pacerelle.client.wire.InboundMessage;

/**
 * A message that was decrypted in a unit of work that is not committed yet: what is said
 * to it soon is encrypted in the same one.
 *
 * @param message the message
 * @param cipher the unit of work
 * @param changes what stores the message as pending
 */
public record HeldMessage(InboundMessage message, PayloadCipher cipher, List<Change> changes) {

	/**
	 * Creates a held message.
	 * @param message the message
	 * @param cipher the unit of work
	 * @param changes what stores the message as pending
	 */
	public HeldMessage {
		changes = List.copyOf(changes);
	}

	@Override
	public String toString() {
		return "HeldMessage[]";
	}

}
