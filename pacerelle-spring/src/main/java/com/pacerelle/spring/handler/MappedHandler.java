package com.pacerelle.spring.handler;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;

/**
 * A handler method on one of its routes.
 *
 * @param route the route
 * @param handler the method
 * @param retry what happens when it fails
 * @param description what it does, for people
 */
record MappedHandler(Route route, InvocableHandlerMethod handler, HandlerRetry retry, String description) {

	static final Comparator<MappedHandler> MOST_SPECIFIC_FIRST = Comparator.comparing(MappedHandler::route,
			Route.MOST_SPECIFIC_FIRST);

	MappedHandler {
		Assert.isTrue(!route.cancelled() || handler.boundParameters().answer().isEmpty(),
				"is for cancelled answers, but has a parameter for the value, which these do not have");
	}

	/**
	 * Whether the method matches a message.
	 * @param message the message
	 * @param agent the name of the agent that got it, or empty if it has none
	 * @return the parts of the text by the names of their arguments, or {@code null} if
	 * it does not
	 */
	@Nullable Map<String, String> match(AgentMessage message, String agent) {
		WidgetResponse response = message.widgetResponse();
		if (response != null && !(this.handler.boundParameters().supportAnswers()
				&& (Route.isCancelled(message) ? takesCancelled() : takesAnswers()))) {
			return null;
		}
		return this.route.match(message, agent);
	}

	private boolean takesAnswers() {
		return this.route.isForAnswers() || takesAnything() || !this.handler.boundParameters().has(String.class);
	}

	private boolean takesCancelled() {
		return this.route.cancelled() || this.handler.boundParameters()
			.answer()
			.map(MethodParameter::isOptional)
			.orElseGet(this::takesAnything);
	}

	private boolean takesAnything() {
		Parameters parameters = this.handler.boundParameters();
		return parameters.has(AgentMessage.class) || parameters.has(WidgetResponse.class)
				|| parameters.has(Tally.class);
	}

	HandlerDescription describe() {
		return new HandlerDescription(this.route.toString(), usage(), this.description, this.handler.name());
	}

	private String usage() {
		if (this.route.subject() instanceof CommandSubject command) {
			return this.handler.parameters()
				.stream()
				.filter(TextPartResolver::isPresent)
				.map(MappedHandler::usage)
				.collect(Collectors.joining("", command.command(), ""));
		}
		return (this.route.subject() instanceof TextSubject text)
				? String.join(" ", text.words()).replace('{', '<').replace('}', '>') : "";
	}

	private static String usage(MethodParameter parameter) {
		String name = TextPartResolver.name(parameter);
		return parameter.isOptional() ? " [" + name + "]" : " <" + name + ">";
	}

}
