package com.pacerelle.client;

import java.time.Duration;
import java.util.List;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/**
 * Brings one inbound message from its frame to its acknowledgement, in steps that are
 * taken again when they fail: take it, handle it, commit its replies and acceptance
 * (gateway.md section 4.1). What fails too often is set aside, and comes again after a
 * reconnect or a restart.
 */
final class MessageTask implements Dispatcher.Task {

	private static final Logger logger = LoggerFactory.getLogger(MessageTask.class);

	private final InboundMessage inbound;

	private final Steps steps;

	private @Nullable AgentMessage message;

	private @Nullable List<? extends Content> replies;

	private int failures;

	MessageTask(InboundMessage inbound, Steps steps) {
		this.inbound = inbound;
		this.steps = steps;
	}

	@Override
	public @Nullable Duration run() {
		try {
			AgentMessage message = (this.message != null) ? this.message : take();
			if (message != null) {
				this.message = message;
				this.replies = (this.replies != null) ? this.replies : handle(message);
				this.steps.sender.accept(this.inbound, this.replies);
			}
			return null;
		}
		catch (NoHandlerException ex) {
			logger.warn("Nothing handles message {}: it stays unacknowledged and comes again", this.inbound.id());
			publishFailure(ex);
			return null;
		}
		catch (Throwable ex) {
			// Errors as well: an assertion or an endless recursion of a handler is no
			// reason to stop serving others.
			return failed(Exceptions.unwrap(ex));
		}
	}

	private @Nullable AgentMessage take() {
		Acceptance acceptance = this.steps.inbox.accept(this.inbound);
		if (acceptance instanceof Acceptance.Pending pending) {
			return pending.message();
		}
		if (acceptance instanceof Acceptance.Accepted) {
			logger.debug("Message {} was handled before, acknowledged again", this.inbound.id());
			this.steps.outbox.acknowledge(Acknowledgement.of(this.inbound));
		}
		else if (acceptance instanceof Acceptance.Refused refused) {
			this.steps.rejections.reject(this.inbound.id(), this.inbound.conversation().conversationId(),
					refused.reason());
		}
		return null;
	}

	private List<? extends Content> handle(AgentMessage message) {
		Conversation conversation = this.steps.sender.conversationOf(this.inbound);
		List<? extends Content> replies = Flux.from(this.steps.handler.handle(message, conversation))
			.collectList()
			.block();
		return (replies != null) ? replies : List.of();
	}

	private @Nullable Duration failed(Throwable failure) {
		this.failures++;
		AgentGatewaySettings settings = this.steps.settings;
		if (this.failures < settings.handlerAttempts()) {
			logger.warn("Message {} could not be handled, attempt {} of {}: {}", this.inbound.id(), this.failures,
					settings.handlerAttempts(), Failures.describe(failure));
			return settings.handlerBackoff().multipliedBy(1L << Math.min(this.failures - 1, 20));
		}
		logger.error("Message {} could not be handled and is set aside: it stays unacknowledged and comes again"
				+ " after a reconnect or a restart: {}", this.inbound.id(), Failures.describe(failure));
		publishFailure(failure);
		if (failure instanceof StoreException) {
			this.steps.storeFailureListener.run();
		}
		return null;
	}

	private void publishFailure(Throwable failure) {
		this.steps.events.publish(new GatewayEvent.HandlingFailed(this.inbound.id(),
				this.inbound.conversation().conversationId(), failure));
	}

	/**
	 * Who takes the steps.
	 *
	 * @param settings the settings
	 * @param inbox takes messages
	 * @param handler handles them
	 * @param sender commits replies
	 * @param outbox sends acknowledgements
	 * @param rejections reports refused messages
	 * @param events told about failures
	 * @param storeFailureListener called when the store fails: what was not taken comes
	 * again after a reconnect
	 */
	record Steps(AgentGatewaySettings settings, Inbox inbox, AgentMessageHandler handler, Sender sender, Outbox outbox,
			Rejections rejections, Events events, Runnable storeFailureListener) {
	}

}
