package com.pacerelle.client;

import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;

/**
 * Handles the messages to the agent. Messages of one conversation are handled one at a
 * time, in the order of their arrival; those of different conversations concurrently. A
 * handler may block: it is called on a thread of its own.
 */
@FunctionalInterface
public interface AgentMessageHandler {

	/**
	 * Handles a message. When the publisher completes, the replies and the acceptance of
	 * the message are committed in one transaction; when it or the call fails, nothing is
	 * sent and the call is repeated with back-off, then the {@link MessageRecoverer}
	 * decides (gateway.md section 4.1). It does so at once for a failure that is
	 * {@link com.pacerelle.client.message.NotRetryable}, such as a refused or missing
	 * attachment, or {@link NoHandlerException}, and for what
	 * {@link RetrySettings#noRetryFor} names. A failure of the store or the relay does
	 * not end a message: it is tried again until they work.
	 * <p>
	 * A {@link com.pacerelle.client.message.Progress} is not collected but shown while
	 * the handler runs: the first one of an id, or without one, creates the widget, later
	 * ones update it, the last one at the latest when the publisher completes. When the
	 * person cancels it, the subscription is cancelled; what was returned before is sent,
	 * and the message is accepted together with the cancellation.
	 * <p>
	 * A call that takes longer than {@link HandlingSettings#timeout()} is interrupted, or
	 * its subscription cancelled, and has failed; the time spent waiting for an answer is
	 * not included.
	 * @param message the message
	 * @param conversation where the message came from: what is sent there refers to the
	 * message
	 * @return the replies in their order, possibly none
	 */
	Publisher<? extends Content> handle(AgentMessage message, Conversation conversation);

	/**
	 * What happens when this handler fails with a message.
	 * @param message the message
	 * @param defaults the settings of the client
	 * @return the settings for this message
	 */
	default RetrySettings retryFor(AgentMessage message, RetrySettings defaults) {
		return defaults;
	}

	/**
	 * What a person reads whose message could not be handled, and is a dead letter.
	 * @param failed which message, and why
	 * @return a sentence, or an empty text to say nothing
	 */
	default String sentenceFor(HandlingFailed failed) {
		Throwable failure = failed.failure();
		if (failure instanceof AttachmentRefusedException refused) {
			return (refused.reason() == AttachmentRefusedException.Reason.NOT_FOUND)
					? "A file of your message is not there any more" : "A file of your message is not accepted";
		}
		return (failure instanceof NoHandlerException) ? "I do not know what to do with your message"
				: "Something went wrong, and your message could not be handled";
	}

	/**
	 * What a person reads whose answer to a widget is refused, and so reaches no handler:
	 * it was not asked for, comes too late, or is not the first one.
	 * @param refused which answer, and why
	 * @return a sentence, or an empty text to say nothing
	 */
	default String sentenceFor(AnswerRefused refused) {
		return switch (refused.reason()) {
			case NOT_ASKED -> "There is no such question for you";
			case EXPIRED -> "This question has expired";
			case ANSWERED -> "This question was answered already";
			case NEW_IDENTITY -> "This device was not known when the question was asked";
		};
	}

	/**
	 * What a person is asked, on a trusted device, about a new one that waits for
	 * approval. The verification code of the new one follows below it.
	 * @param waiting the new device
	 * @return a question, or an empty text to ask nobody, so that the operator decides
	 * @see NewDevicePolicy#APPROVE
	 */
	default String sentenceFor(KnownDevice waiting) {
		String name = (waiting.deviceId() != null) ? " " + PrintableId.of(waiting.deviceId()) : "";
		return "Is the new device" + name + " yours? Allow it only if it shows this verification code";
	}

}
