package com.pacerelle.client;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;

/**
 * Handles the messages to the agent. Messages of one conversation come one after the
 * other in the order of their arrival; those of different conversations come
 * concurrently. A handler may block: it is called on a thread of its own.
 */
@FunctionalInterface
public interface AgentMessageHandler {

	/**
	 * Handles a message. When the publisher completes, the replies and the acceptance of
	 * the message are committed in one transaction; when it or the call fails, nothing is
	 * sent and the call is repeated with back-off, then the message is set aside
	 * unacknowledged (gateway.md section 4.1). A {@link NoHandlerException} sets it aside
	 * at once.
	 * @param message the message
	 * @param conversation where the message came from: what is sent there refers to the
	 * message
	 * @return the replies in their order, possibly none
	 */
	Publisher<? extends Content> handle(AgentMessage message, Conversation conversation);

}
