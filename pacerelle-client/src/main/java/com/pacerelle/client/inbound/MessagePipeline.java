package com.pacerelle.client.inbound;

import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.wire.InboundMessage;

/**
 * The steps that a message goes through, from its frame to its acknowledgement.
 *
 * @param intake takes it
 * @param invoker calls the handler
 * @param sender commits the replies and the acceptance
 * @param retryPolicy says what happens when a step fails
 */
public record MessagePipeline(Intake intake, HandlerInvoker invoker, Sender sender, RetryPolicy retryPolicy) {

	/**
	 * Makes the task that brings a message through the steps.
	 * @param message the message
	 * @return the task
	 */
	MessageTask task(InboundMessage message) {
		return new MessageTask(message, this.intake, this.invoker, this.sender, this.retryPolicy);
	}

}
