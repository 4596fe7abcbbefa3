package com.pacerelle.client.inbound;

import com.pacerelle.client.event.Observations;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.store.ApplicationTransactions;

/**
 * The steps that a message goes through, from its frame to its acknowledgement.
 *
 * @param intake takes it
 * @param invoker calls the handler
 * @param sender commits the replies and the acceptance
 * @param retryPolicy says what happens when a step fails
 * @param deadLetters take what cannot be handled
 * @param sweep takes what cannot end yet
 * @param waiting the messages on their way
 * @param transactions those of the application that handlers begin
 * @param observations observe messages
 */
public record MessageSteps(Intake intake, HandlerInvoker invoker, Sender sender, RetryPolicy retryPolicy,
		DeadLetters deadLetters, Sweep sweep, WaitingMessages waiting, ApplicationTransactions transactions,
		Observations observations) {
}
