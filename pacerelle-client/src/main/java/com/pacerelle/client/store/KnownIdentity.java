package com.pacerelle.client.store;

import java.time.Instant;

import com.pacerelle.signal.EcPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The identity that a device of a person has in a conversation. Whether it is trusted
 * depends on the person and the key alone: it is the same wherever the person has it.
 *
 * @param userId the person
 * @param deviceId the device, or {@code null} if the person's messages name none
 * @param conversationId the conversation
 * @param identity the identity key
 * @param firstSeen when it was first seen here
 * @param state whether it is trusted
 */
public record KnownIdentity(String userId, @Nullable String deviceId, String conversationId, EcPublicKey identity,
		Instant firstSeen, State state) {

	/**
	 * Whether nobody has decided yet.
	 * @return whether messages wait
	 */
	public boolean isWaiting() {
		return this.state == State.WAITING || this.state == State.ASKED;
	}

	/**
	 * Whether an identity is trusted.
	 */
	public enum State {

		/** Its messages are handled. */
		TRUSTED,

		/** Its messages wait until somebody decides. */
		WAITING,

		/** As above, and another device of the person was asked. */
		ASKED,

		/** Its messages are refused. */
		REFUSED

	}

}
