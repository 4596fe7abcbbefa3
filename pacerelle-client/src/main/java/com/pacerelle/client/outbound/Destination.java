package com.pacerelle.client.outbound;

import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where a message of the agent goes.
 *
 * @param conversation the person or the group, and where
 * @param deviceId the device of the person, or {@code null} if none is named
 * @param replyTo the id of the message that is answered, or {@code null}
 */
public record Destination(ConversationKey conversation, @Nullable String deviceId, @Nullable String replyTo) {

	/**
	 * Where a message is answered.
	 * @param message the message
	 * @return its conversation and device
	 */
	public static Destination of(InboundMessage message) {
		return new Destination(message.conversation(), message.deviceId(), message.id());
	}

	/**
	 * The same conversation, in answer to another message.
	 * @param messageId the message that is answered
	 * @return the destination, on the device that the message came from
	 */
	public Destination replyingTo(String messageId) {
		return new Destination(this.conversation, null, messageId);
	}

	/**
	 * The same conversation on another device.
	 * @param deviceId the device
	 * @return the destination
	 */
	public Destination onDevice(@Nullable String deviceId) {
		return new Destination(this.conversation, deviceId, this.replyTo);
	}

}
