package com.pacerelle.client.inbound;

import java.util.List;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.conversation.OpenQuestions;
import com.pacerelle.client.event.Rejections;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.outbound.Outbox;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.wire.Acknowledgement;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes a message as far as possible without a handler: what was handled before is
 * acknowledged again, what is refused is reported, the person is asked about a device
 * that waits for approval, and an answer goes to the question that waits for it. The
 * sender of an answer that nobody asked for is told so.
 */
public final class Intake {

	private static final Logger logger = LoggerFactory.getLogger(Intake.class);

	private final Inbox inbox;

	private final DeviceApproval approval;

	private final OpenQuestions questions;

	private final Outbox outbox;

	private final Sender sender;

	private final AgentMessageHandler handler;

	private final Rejections rejections;

	/**
	 * Creates an intake.
	 * @param inbox decrypts and stores messages
	 * @param approval asks about devices that wait
	 * @param questions get the answers
	 * @param outbox sends acknowledgements
	 * @param sender accepts answers that are refused
	 * @param handler says what their senders read
	 * @param rejections report what is refused
	 */
	public Intake(Inbox inbox, DeviceApproval approval, OpenQuestions questions, Outbox outbox, Sender sender,
			AgentMessageHandler handler, Rejections rejections) {
		this.inbox = inbox;
		this.approval = approval;
		this.questions = questions;
		this.outbox = outbox;
		this.sender = sender;
		this.handler = handler;
		this.rejections = rejections;
	}

	/**
	 * Takes a message.
	 * @param message the message
	 * @return what a handler gets, or that it gets nothing
	 * @throws RuntimeException as {@link Inbox#accept}
	 */
	Result take(InboundMessage message) {
		return take(message, this.inbox.accept(message));
	}

	/**
	 * Restores a message that is in the store.
	 * @param messageId the message
	 * @return the message, or {@code null} if it is not kept any more
	 */
	@Nullable InboundMessage restore(String messageId) {
		return this.inbox.restore(messageId);
	}

	/**
	 * Takes a message that was taken ahead of its turn, without its frame.
	 * @param messageId the message
	 * @return as above
	 */
	Result take(String messageId) {
		InboundMessage message = this.inbox.restore(messageId);
		// Meanwhile it can have been accepted with the handler that asked for it.
		return (message != null) ? take(message, this.inbox.acceptRestored(message)) : Nothing.DONE;
	}

	private Result take(InboundMessage message, Acceptance acceptance) {
		if (acceptance instanceof Acceptance.Pending pending) {
			return this.approval.answer(message, pending.message()) || this.questions.offer(message, pending.message())
					? Nothing.DONE : new Taken(message, pending.message(), pending.restorable(), pending.attempts());
		}
		if (acceptance instanceof Acceptance.Waiting waiting) {
			this.approval.ask(waiting.sender());
		}
		else if (acceptance instanceof Acceptance.Accepted) {
			logger.debug("Message {} was handled before, acknowledged again", PrintableId.of(message.id()));
			this.outbox.acknowledge(Acknowledgement.of(message));
		}
		else if (acceptance instanceof Acceptance.AnswerRefused refused) {
			refuse(message, refused.reason());
			return Nothing.REFUSED;
		}
		else if (acceptance instanceof Acceptance.Refused refused) {
			if (refused.reason() == RejectionReason.GROUP_KEY_MISSING) {
				return Nothing.LATER;
			}
			reject(message, refused.reason());
			return Nothing.REFUSED;
		}
		else if (acceptance instanceof Acceptance.RefusedBefore) {
			return Nothing.REFUSED;
		}
		return Nothing.DONE;
	}

	/**
	 * Reports a message that is refused.
	 * @param message the message
	 * @param reason why
	 */
	void reject(InboundMessage message, RejectionReason reason) {
		this.rejections.reject(message.id(), message.conversation().conversationId(), reason);
	}

	/**
	 * What is left to do for a message.
	 */
	sealed interface Result {

	}

	/**
	 * It needs no handler.
	 */
	enum Nothing implements Result {

		/** It has ended, or waits until its device is trusted. */
		DONE,

		/** It is refused. */
		REFUSED,

		/** It can perhaps be read later: a key is missing that may still come. */
		LATER

	}

	/**
	 * A message for a handler.
	 *
	 * @param inbound the message as it came
	 * @param message what the handler gets
	 * @param restorable whether it can be taken again without its frame
	 * @param attempts how often it was handled, and failed
	 */
	record Taken(InboundMessage inbound, AgentMessage message, boolean restorable, int attempts) implements Result {
	}

	/**
	 * Stores the message that was taken in a conversation, if that has not happened yet.
	 * @param conversation the conversation
	 * @throws com.pacerelle.client.store.StoreException if the store cannot be written
	 */
	void settle(ConversationKey conversation) {
		this.inbox.settle(conversation);
	}

	private void refuse(InboundMessage message, AnswerRefused.Reason reason) {
		AnswerRefused refused = new AnswerRefused(message.id(), message.conversation().conversationId(), message.from(),
				reason);
		String sentence = this.handler.sentenceFor(refused);
		this.sender.accept(message, sentence.isEmpty() ? List.of() : List.of(new Reply(sentence)), List.of());
		this.rejections.refuse(refused);
	}

}
