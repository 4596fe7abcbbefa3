package com.pacerelle.client.inbound;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.inbound.WaitingMessages.Waiting;
import com.pacerelle.client.wire.InboundMessage;

/**
 * Gives messages their turns.
 */
public final class MessagePipeline {

	/** What a message takes in memory besides its frame. */
	private static final int OVERHEAD = 1024;

	private final MessageSteps steps;

	private final Dispatcher dispatcher;

	/**
	 * Creates a pipeline.
	 * @param steps what is done in a turn
	 * @param dispatcher gives turns
	 */
	public MessagePipeline(MessageSteps steps, Dispatcher dispatcher) {
		this.steps = steps;
		this.dispatcher = dispatcher;
	}

	/**
	 * Gives a message its turn, unless it has one already.
	 * @param message the message
	 * @param size the size of its frame
	 * @return whether it is new
	 */
	boolean dispatch(InboundMessage message, int size) {
		MessageTask task = new MessageTask(message, size + OVERHEAD, false, this.steps);
		Waiting before = this.steps.waiting().add(message, task);
		if (before != null) {
			this.steps.sweep().wake(before);
			return false;
		}
		this.dispatcher.dispatch(message.conversation(), size + OVERHEAD, task);
		return true;
	}

	/**
	 * How many messages have come and are not accepted yet.
	 * @return their number
	 */
	public int size() {
		return this.steps.waiting().size();
	}

	/**
	 * Gives a dead letter another turn. Blocks.
	 * @param messageId the message
	 * @throws IllegalArgumentException if it is no dead letter
	 */
	public void retry(String messageId) {
		this.steps.deadLetters().require(messageId);
		InboundMessage message = this.steps.intake().restore(messageId);
		if (message == null) {
			throw new IllegalArgumentException("There is no dead letter " + PrintableId.of(messageId) + " any more");
		}
		MessageTask task = new MessageTask(message, OVERHEAD, true, this.steps);
		if (this.steps.waiting().add(messageId, task)) {
			this.dispatcher.dispatch(message.conversation(), OVERHEAD, task);
		}
	}

}
