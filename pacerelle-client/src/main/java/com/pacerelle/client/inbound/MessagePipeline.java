package com.pacerelle.client.inbound;

import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a message goes through, from its frame to its acknowledgement.
 *
 * @param intake takes it
 * @param invoker calls the handler
 * @param sender commits the replies and the acceptance
 * @param retryPolicy says what happens when a step fails
 * @param waiting the messages on their way
 */
public record MessagePipeline(Intake intake, HandlerInvoker invoker, Sender sender, RetryPolicy retryPolicy,
		WaitingMessages waiting) {

	/**
	 * Makes the task that brings a message through the steps.
	 * @param message the message
	 * @return the task, or {@code null} if the message has one already
	 */
	@Nullable MessageTask task(InboundMessage message) {
		MessageTask task = new MessageTask(message, this);
		return this.waiting.add(message, task) ? task : null;
	}

}
