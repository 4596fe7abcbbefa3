package com.pacerelle.spring.handler;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The call of a handler method for a message. Code that the method calls can get it
 * without a parameter: blocking code with {@link #current()}, reactive code with
 * {@link #fromContext()}. Its {@code toString()} has no content.
 *
 * @param message the message
 * @param conversation where the message came from: what is sent there refers to the
 * message
 * @param arguments the parts of the text, or of the widget's id, that
 * {@link Argument @Argument} parameters get, by name; those that are lacking are absent
 * @param agent the name of the agent that got the message, or empty if the application
 * has given it none ({@link HandlerMethodRegistry#forAgent})
 */
public record HandlerInvocation(AgentMessage message, Conversation conversation, Map<String, String> arguments,
		String agent) {

	private static final ThreadLocal<@Nullable HandlerInvocation> ofThread = new ThreadLocal<>();

	/**
	 * Creates an invocation.
	 */
	public HandlerInvocation {
		Objects.requireNonNull(message, "'message' must not be null");
		Objects.requireNonNull(conversation, "'conversation' must not be null");
		arguments = Map.copyOf(arguments);
		Objects.requireNonNull(agent, "'agent' must not be null");
	}

	/**
	 * Creates an invocation of an agent without a name.
	 * @param message the message
	 * @param conversation where the message came from
	 * @param arguments the arguments by name
	 */
	public HandlerInvocation(AgentMessage message, Conversation conversation, Map<String, String> arguments) {
		this(message, conversation, arguments, "");
	}

	/**
	 * Creates an invocation without arguments.
	 * @param message the message
	 * @param conversation where the message came from
	 */
	public HandlerInvocation(AgentMessage message, Conversation conversation) {
		this(message, conversation, Map.of());
	}

	/**
	 * The invocation of the current thread: set while a handler method runs and while
	 * what it returned is subscribed to, on the thread that does so. With Micrometer's
	 * context propagation and {@code spring.reactor.context-propagation=auto}, also on
	 * the threads that reactive code moves to.
	 * @return the invocation, or empty outside of handler methods
	 */
	public static Optional<HandlerInvocation> current() {
		return Optional.ofNullable(ofThread.get());
	}

	/**
	 * The invocation that the subscriber works for: the one in its context, else the one
	 * of the thread that subscribes. What a handler method returns has it in its context.
	 * @return the invocation, or empty outside of handler methods
	 */
	public static Mono<HandlerInvocation> fromContext() {
		return Mono.deferContextual((context) -> Mono.justOrEmpty(
				context.<HandlerInvocation>getOrEmpty(HandlerInvocation.class).or(HandlerInvocation::current)));
	}

	/**
	 * Calls code as part of this invocation, such as on a thread that a handler method
	 * hands work to.
	 * @param <T> the type of the result
	 * @param code what to call
	 * @return its result
	 */
	public <T extends @Nullable Object> T call(Supplier<T> code) {
		HandlerInvocation outer = ofThread.get();
		ofThread(this);
		try {
			return code.get();
		}
		finally {
			ofThread(outer);
		}
	}

	static void ofThread(@Nullable HandlerInvocation invocation) {
		if (invocation != null) {
			ofThread.set(invocation);
		}
		else {
			ofThread.remove();
		}
	}

	/**
	 * Subscribes to a source as part of this invocation: with it in the context, and on
	 * the thread that subscribes.
	 * @param <T> the type of the elements
	 * @param source supplies what to subscribe to
	 * @return the elements of the source
	 */
	<T> Flux<T> subscribing(Supplier<Flux<T>> source) {
		Flux<T> inContext = Flux.defer(source).contextWrite(Context.of(HandlerInvocation.class, this));
		return Flux.from((subscriber) -> call(() -> {
			inContext.subscribe(subscriber);
			return null;
		}));
	}

	@Override
	public String toString() {
		return "HandlerInvocation[message=" + this.message.id() + "]";
	}

}
