package com.pacerelle.spring.handler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.ExceptionDepthComparator;
import org.springframework.core.MethodParameter;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

/**
 * The {@link PacerelleExceptionHandler @PacerelleExceptionHandler} methods.
 */
final class ExceptionHandlers {

	private static final Log logger = LogFactory.getLog(ExceptionHandlers.class);

	private static final String GLOBAL = "";

	private static final int MAX_CAUSES = 16;

	private static final List<Class<?>> ANSWERED = List.of(InvalidArgumentException.class, InvalidAnswerException.class,
			NoAnswerException.class, PermissionNotGrantedException.class, AttachmentRefusedException.class);

	/** By the name of the bean, then by the type of the exception. */
	private final Map<String, Map<Class<? extends Throwable>, InvocableHandlerMethod>> handlers = new HashMap<>();

	/**
	 * Adds a method.
	 * @param handler the method
	 * @param local whether it is for the failures of its own bean only
	 * @throws IllegalArgumentException if there is another one for the same exceptions
	 */
	void add(InvocableHandlerMethod handler, boolean local) {
		Map<Class<? extends Throwable>, InvocableHandlerMethod> siblings = this.handlers
			.computeIfAbsent(local ? handler.beanName() : GLOBAL, (key) -> new HashMap<>());
		for (Class<? extends Throwable> type : types(handler)) {
			InvocableHandlerMethod other = siblings.putIfAbsent(type, handler);
			Assert.isTrue(other == null, () -> "is for " + type.getName() + ", but so is " + other);
		}
	}

	boolean isEmpty() {
		return this.handlers.isEmpty();
	}

	private static Set<Class<? extends Throwable>> types(InvocableHandlerMethod handler) {
		PacerelleExceptionHandler annotation = handler.getMethodAnnotation(PacerelleExceptionHandler.class);
		Assert.state(annotation != null, "No annotation");
		List<Class<? extends Throwable>> taken = handler.parameters()
			.stream()
			.map(MethodParameter::getParameterType)
			.filter(Throwable.class::isAssignableFrom)
			.<Class<? extends Throwable>>map((type) -> type.asSubclass(Throwable.class))
			.toList();
		Set<Class<? extends Throwable>> types = Set
			.copyOf((annotation.value().length > 0) ? List.of(annotation.value()) : taken);
		Assert.isTrue(!types.isEmpty(),
				"says neither in its annotation nor with a parameter which exceptions it is for");
		for (Class<?> parameter : taken) {
			Assert.isTrue(types.stream().allMatch(parameter::isAssignableFrom),
					() -> "has a parameter of type " + parameter.getName() + ", but is for other exceptions too");
		}
		return types;
	}

	/**
	 * Handles a failure.
	 * @param failure the failure
	 * @param invocation the call that failed
	 * @param beanName the bean of the method that failed
	 * @return what the agent sends, or the failure itself if nothing handles it
	 */
	Flux<Content> handle(Throwable failure, HandlerInvocation invocation, String beanName) {
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof InterruptedException) {
			// The application stops: the message is delivered again.
			return Flux.error(cause);
		}
		InvocableHandlerMethod handler = find(cause, beanName);
		if (handler == null) {
			PermissionNotGrantedException refusal = refusalBelow(cause);
			return (refusal != null) ? handle(refusal, invocation, beanName) : byDefault(cause, invocation);
		}
		Flux<Content> handled = invocation.subscribing(() -> handler.invoke(invocation, cause)).onErrorMap((second) -> {
			Throwable suppressed = Exceptions.unwrap(second);
			if (suppressed != cause) {
				cause.addSuppressed(suppressed);
			}
			return cause;
		});
		// A handler may block, an event loop may not.
		return Flux.defer(
				() -> Schedulers.isInNonBlockingThread() ? handled.subscribeOn(Schedulers.boundedElastic()) : handled);
	}

	/**
	 * Handles the last failure of a message. Blocks.
	 * @param failure the failure
	 * @param invocation the call that failed
	 * @param beanName the bean of the method that failed
	 * @return what the person reads, or {@code null} if nothing handles the failure
	 */
	@Nullable List<Content> handleLast(Throwable failure, HandlerInvocation invocation, String beanName) {
		InvocableHandlerMethod handler = find(failure, beanName);
		if (handler == null) {
			return null;
		}
		try {
			return invocation.subscribing(() -> handler.invoke(invocation, failure)).collectList().block();
		}
		catch (RuntimeException | Error ex) {
			Throwable suppressed = Exceptions.unwrap(ex);
			if (suppressed != failure) {
				failure.addSuppressed(suppressed);
			}
			return null;
		}
	}

	private @Nullable InvocableHandlerMethod find(Throwable failure, String beanName) {
		return Stream.of(beanName, GLOBAL)
			.map((key) -> this.handlers.getOrDefault(key, Map.of()))
			.<InvocableHandlerMethod>mapMulti((siblings, found) -> siblings.keySet()
				.stream()
				.filter((type) -> type.isInstance(failure) && names(type, failure))
				.min(new ExceptionDepthComparator(failure))
				.map(siblings::get)
				.ifPresent(found))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Code between the guarded method and the handler may have wrapped the refusal, after
	 * which nobody must be asked again.
	 */
	private static @Nullable PermissionNotGrantedException refusalBelow(Throwable failure) {
		return Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause)
			.limit(MAX_CAUSES)
			.filter(PermissionNotGrantedException.class::isInstance)
			.map(PermissionNotGrantedException.class::cast)
			.findFirst()
			.orElse(null);
	}

	/**
	 * What the framework answers by itself is not a failure of the application: only a
	 * method that names it replaces the answer.
	 */
	private static boolean names(Class<?> type, Throwable failure) {
		return ANSWERED.stream()
			.filter((answered) -> answered.isInstance(failure))
			.allMatch((answered) -> answered.isAssignableFrom(type));
	}

	/**
	 * Another attempt would not help: a person whose input is not valid is told so, and a
	 * person who gave no answer is not told anything.
	 */
	private static Flux<Content> byDefault(Throwable failure, HandlerInvocation invocation) {
		String messageId = invocation.message().id();
		if (failure instanceof NoAnswerException) {
			logger.debug(LogMessage.format("Message %s ends without the answer that its handler asked for",
					PrintableId.of(messageId)));
			return Flux.empty();
		}
		List<String> messages;
		if (failure instanceof InvalidAnswerException invalid) {
			messages = invalid.messages();
		}
		else if (failure instanceof InvalidArgumentException invalid) {
			messages = invalid.messages();
		}
		else {
			return Flux.error(failure);
		}
		logger.debug(LogMessage.format("Message %s has input that is not valid: its sender is told so",
				PrintableId.of(messageId)));
		return Flux.just(new Reply(String.join("\n", messages)));
	}

}
