package com.pacerelle.spring.handler;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import reactor.core.publisher.Flux;

/**
 * The handlers of a {@link HandlerMethodRegistry} that are for one agent.
 *
 * @param agent the name of the agent
 * @param registry has the handlers
 */
record NamedAgentHandler(String agent, HandlerMethodRegistry registry) implements AgentMessageHandler {

	@Override
	public Flux<Content> handle(AgentMessage message, Conversation conversation) {
		return this.registry.handle(message, conversation, this.agent);
	}

	@Override
	public RetrySettings retryFor(AgentMessage message, RetrySettings defaults) {
		return this.registry.retryFor(message, defaults, this.agent);
	}

	@Override
	public String sentenceFor(HandlingFailed failed) {
		return this.registry.sentenceFor(failed);
	}

	@Override
	public String sentenceFor(AnswerRefused refused) {
		return this.registry.sentenceFor(refused);
	}

	@Override
	public String sentenceFor(KnownDevice waiting) {
		return this.registry.sentenceFor(waiting);
	}

}
