package com.pacerelle.client.outbound;

import java.util.List;

import com.pacerelle.client.SentMessage;
import com.pacerelle.client.encryption.GroupKeyEnvelope;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What is encrypted and committed together: its files are uploaded, and all that the
 * network is needed for is there.
 *
 * @param destination where the messages go
 * @param askedBy the message whose handler asks, or {@code null}
 * @param accepted the message that is answered and accepted, or {@code null}
 * @param messages what is sent
 * @param envelopes keys of the group that the relay had
 * @param changes what else is stored
 * @param acks the acknowledgements
 */
record Outgoing(Destination destination, @Nullable String askedBy, @Nullable InboundMessage accepted,
		List<Message> messages, List<GroupKeyEnvelope> envelopes, List<? extends Change> changes, List<String> acks) {

	Outgoing to(Destination other) {
		return new Outgoing(other, this.askedBy, this.accepted, this.messages, this.envelopes, this.changes, this.acks);
	}

	/**
	 * What the application is told.
	 * @return the messages in their order
	 */
	List<SentMessage> sent() {
		String conversationId = this.destination.conversation().conversationId();
		return this.messages.stream()
			.map((message) -> new SentMessage(message.id(), conversationId, message.payload().widgetId()))
			.toList();
	}

	/**
	 * One message.
	 *
	 * @param id its id
	 * @param content what the application sends
	 * @param payload the content as it is encrypted
	 */
	record Message(String id, Content content, Payload.Encoded payload) {
	}

}
