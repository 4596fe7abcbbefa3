package com.pacerelle.client.inbound;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.conversation.OpenQuestions;
import com.pacerelle.client.event.Rejections;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.outbound.Outbox;
import com.pacerelle.client.wire.Acknowledgement;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes a message as far as possible without a handler: what was handled before is
 * acknowledged again, what is refused is reported, the person is asked about a device
 * that waits for approval, and an answer goes to the question that waits for it.
 */
public final class Intake {

	private static final Logger logger = LoggerFactory.getLogger(Intake.class);

	private final Inbox inbox;

	private final DeviceApproval approval;

	private final OpenQuestions questions;

	private final Outbox outbox;

	private final Rejections rejections;

	/**
	 * Creates an intake.
	 * @param inbox decrypts and stores messages
	 * @param approval asks about devices that wait
	 * @param questions get the answers
	 * @param outbox sends acknowledgements
	 * @param rejections report what is refused
	 */
	public Intake(Inbox inbox, DeviceApproval approval, OpenQuestions questions, Outbox outbox, Rejections rejections) {
		this.inbox = inbox;
		this.approval = approval;
		this.questions = questions;
		this.outbox = outbox;
		this.rejections = rejections;
	}

	/**
	 * Takes a message.
	 * @param message the message
	 * @return what a handler gets, or {@code null} if nothing is left to do
	 * @throws RuntimeException as {@link Inbox#accept}
	 */
	@Nullable AgentMessage take(InboundMessage message) {
		Acceptance acceptance = this.inbox.accept(message);
		if (acceptance instanceof Acceptance.Pending pending) {
			return this.approval.answer(message, pending.message()) || this.questions.offer(message, pending.message())
					? null : pending.message();
		}
		if (acceptance instanceof Acceptance.Waiting waiting) {
			this.approval.ask(waiting.sender());
		}
		else if (acceptance instanceof Acceptance.Accepted) {
			logger.debug("Message {} was handled before, acknowledged again", PrintableId.of(message.id()));
			this.outbox.acknowledge(Acknowledgement.of(message));
		}
		else if (acceptance instanceof Acceptance.Refused refused) {
			this.rejections.reject(message.id(), message.conversation().conversationId(), refused.reason());
		}
		return null;
	}

}
