package com.pacerelle.spring.handler;

import java.util.List;
import java.util.Map;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Calls the {@link PacerelleExceptionHandler#afterLastAttempt()} method for a message
 * that cannot be handled. Without one, it decides as without this class.
 *
 * @param mapped the handler that failed
 * @param exceptionHandlers the methods
 * @param agent the name of the agent that got the message, or empty if it has none
 * @param otherwise decides when there is no method, or {@code null}
 * @param sentences says what people read by default
 */
record LastAttempt(MappedHandler mapped, ExceptionHandlers exceptionHandlers, String agent,
		@Nullable MessageRecoverer otherwise, AgentMessageHandler sentences) implements MessageRecoverer {

	@Override
	public Recovery recover(AgentMessage message, Conversation conversation, Throwable failure) {
		Map<String, String> arguments = this.mapped.match(message, this.agent);
		List<Content> replies = this.exceptionHandlers.handleLast(failure,
				new HandlerInvocation(message, conversation, (arguments != null) ? arguments : Map.of(), this.agent),
				this.mapped.handler().beanName());
		if (replies != null) {
			return new Recovery(true, replies);
		}
		return (this.otherwise != null) ? this.otherwise.recover(message, conversation, failure)
				: recover(message, failure);
	}

	@Override
	public Recovery recover(AgentMessage message, Throwable failure) {
		String sentence = this.sentences
			.sentenceFor(new HandlingFailed(message.id(), message.conversationId(), failure));
		return sentence.isEmpty() ? Recovery.deadLetter() : Recovery.deadLetter(new Reply(sentence));
	}

}
