package com.pacerelle.spring.handler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which messages a handler is for, one of the ways that its annotations name.
 *
 * @param subject what the messages are about
 * @param kind what they are
 * @param conversation where they were written
 * @param cancelled whether they are cancelled answers only
 * @param agent which agent they were sent to, or empty for any
 */
record Route(Subject subject, MessageKind kind, ConversationType conversation, boolean cancelled, String agent) {

	static final Comparator<Route> MOST_SPECIFIC_FIRST = Comparator
		.comparing(Route::subject, Subject.MOST_SPECIFIC_FIRST)
		.thenComparing((route) -> !route.cancelled)
		.thenComparing((route) -> route.kind == MessageKind.ANY)
		.thenComparing((route) -> route.conversation == ConversationType.ANY)
		.thenComparing((route) -> route.agent.isEmpty());

	/**
	 * The routes of a method.
	 * @param annotation its annotation
	 * @param defaults that of its class, or {@code null}
	 * @param arguments the names of its {@link Argument @Argument} parameters
	 * @return one or more routes
	 * @throws IllegalArgumentException if they are contradictory; the message says what
	 * is allowed
	 */
	static List<Route> of(PacerelleHandler annotation, @Nullable PacerelleHandler defaults, List<String> arguments) {
		List<Subject> subjects = subjects(annotation, arguments);
		MessageKind kind = annotation.kind();
		ConversationType conversation = annotation.conversation();
		boolean cancelled = annotation.cancelled();
		List<String> agents = List.of(annotation.agent());
		if (defaults != null) {
			subjects = subjects.isEmpty() ? subjects(defaults, arguments) : subjects;
			kind = (kind == MessageKind.ANY) ? defaults.kind() : kind;
			conversation = (conversation == ConversationType.ANY) ? defaults.conversation() : conversation;
			cancelled = cancelled || defaults.cancelled();
			agents = agents.isEmpty() ? List.of(defaults.agent()) : agents;
		}
		if (cancelled || subjects.stream().anyMatch(WidgetSubject.class::isInstance)) {
			Assert.isTrue(kind == MessageKind.ANY || kind == MessageKind.ANSWER,
					"is for answers, but also has a 'kind' that is not ANSWER");
			kind = MessageKind.ANSWER;
		}
		boolean onlyAnswers = kind == MessageKind.ANSWER;
		Assert.isTrue(!onlyAnswers || subjects.stream().allMatch(WidgetSubject.class::isInstance),
				"is for answers, but also has a 'command' or 'text', which answers do not have");
		Assert.isTrue(arguments.isEmpty() || !subjects.isEmpty(),
				"has an @Argument parameter, but neither 'command' nor 'text', nor a 'widget' with a variable");
		if (subjects.isEmpty()) {
			subjects = List.of(new AnySubject((kind == MessageKind.ANY) ? 6 : 5));
		}
		List<Route> routes = new ArrayList<>();
		for (Subject subject : subjects) {
			for (String agent : agents.isEmpty() ? List.of("") : agents) {
				routes.add(new Route(subject, kind, conversation, cancelled, agent));
			}
		}
		return routes;
	}

	private static List<Subject> subjects(PacerelleHandler annotation, List<String> arguments) {
		List<Subject> subjects = Stream
			.of(Stream.of(annotation.command()).map((command) -> new CommandSubject(command, arguments)),
					Stream.of(annotation.text()).map(TextSubject::of),
					Stream.of(annotation.widget()).map(WidgetSubject::of))
			.<Subject>flatMap((stream) -> stream)
			.toList();
		for (Subject subject : subjects) {
			if (subject instanceof TextSubject text) {
				requireVariables("text '" + String.join(" ", text.words()), text.variables(), arguments);
			}
			else if (subject instanceof WidgetSubject widget) {
				requireVariables("widget '" + widget.pattern(), widget.names(), arguments);
			}
		}
		return subjects;
	}

	private static void requireVariables(String pattern, Set<String> variables, List<String> arguments) {
		Assert.isTrue(variables.containsAll(arguments), () -> "has the " + pattern + "' without variables for "
				+ arguments.stream().filter((name) -> !variables.contains(name)).toList());
	}

	/**
	 * Whether a message matches this route.
	 * @param message the message
	 * @param agent the name of the agent that got it, or empty if it has none
	 * @return the parts of the text by the names of their arguments, or {@code null} if
	 * it does not
	 */
	@Nullable Map<String, String> match(AgentMessage message, String agent) {
		boolean included = isFor(agent) && this.kind.includes(message) && this.conversation.includes(message)
				&& (!this.cancelled || isCancelled(message));
		return included ? this.subject.match(message) : null;
	}

	boolean isFor(String agent) {
		return this.agent.isEmpty() || this.agent.equals(agent);
	}

	/**
	 * The answer to a progress has its cancellation as the value.
	 */
	static boolean isCancelled(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		return response != null && (response.cancelled() || Map.of("cancelled", true).equals(response.value()));
	}

	/**
	 * Whether there are messages for which neither this nor another one is more specific.
	 * @param other the other one
	 * @return whether there are
	 */
	boolean isAmbiguousWith(Route other) {
		return MOST_SPECIFIC_FIRST.compare(this, other) == 0 && this.kind.overlaps(other.kind)
				&& this.conversation.overlaps(other.conversation) && this.subject.overlaps(other.subject)
				&& (isFor(other.agent) || other.isFor(this.agent));
	}

	boolean isForAnswers() {
		return this.kind == MessageKind.ANSWER;
	}

	/**
	 * Such as {@code command /deploy, GROUP}, or {@code default}.
	 */
	@Override
	public String toString() {
		String kind = (this.subject instanceof WidgetSubject || this.kind == MessageKind.ANY) ? "" : this.kind.name();
		String description = Stream
			.of(this.subject.toString(), kind,
					(this.conversation == ConversationType.ANY) ? "" : this.conversation.name(),
					this.cancelled ? "cancelled" : "", this.agent.isEmpty() ? "" : "agent " + this.agent)
			.filter((part) -> !part.isEmpty())
			.collect(Collectors.joining(", "));
		return description.isEmpty() ? "default" : description;
	}

}
