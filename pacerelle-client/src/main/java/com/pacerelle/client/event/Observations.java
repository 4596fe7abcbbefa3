package com.pacerelle.client.event;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.observation.PacerelleObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Observes what a client does. What is observed is a part of the operation whose
 * observation is current, on the thread or in the context of Reactor. Without a registry,
 * nothing is created.
 */
public final class Observations {

	/** The outcome of what has not failed. */
	public static final String SUCCESS = "success";

	/** Nobody observes. */
	public static final Observations NONE = new Observations(ObservationRegistry.NOOP);

	/** That of the {@code ObservationThreadLocalAccessor}, whose library is optional. */
	private static final String CONTEXT_KEY = "micrometer.observation";

	private final ObservationRegistry registry;

	/**
	 * Creates the observations of a client.
	 * @param registry who observes
	 */
	public Observations(ObservationRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Creates an observation that is not started.
	 * @param operation what is observed
	 * @param conversationId the conversation, or {@code null}
	 * @param messageId the message that came, or is answered, or {@code null}
	 * @return the observation
	 */
	public Observation create(PacerelleObservation operation, @Nullable String conversationId,
			@Nullable String messageId) {
		if (this.registry.isNoop()) {
			return Observation.NOOP;
		}
		return operation.observation(null, operation.convention(),
				() -> new PacerelleObservationContext(operation, conversationId, messageId), this.registry);
	}

	/**
	 * Says what kind of message or question is observed.
	 * @param observation the observation
	 * @param kind one of a few
	 * @return the observation
	 */
	public static Observation kind(Observation observation, String kind) {
		if (observation.getContext() instanceof PacerelleObservationContext context) {
			context.setKind(kind);
		}
		return observation;
	}

	/**
	 * Stops an observation.
	 * @param observation the observation
	 * @param outcome how the operation ended, one of a few
	 */
	public static void stop(Observation observation, String outcome) {
		if (observation.getContext() instanceof PacerelleObservationContext context) {
			context.setOutcome(outcome);
		}
		observation.stop();
	}

	/**
	 * Says that an operation failed, without the messages of exceptions: tracers keep
	 * them, and they may quote what a person wrote.
	 * @param observation the observation, which is not stopped
	 * @param failure why
	 */
	public static void fail(Observation observation, Throwable failure) {
		if (observation.getContext() instanceof PacerelleObservationContext context) {
			context.setOutcome("error");
			context.setException(failure.getClass());
			observation.error(Failures.forLog(failure, false));
		}
	}

	/**
	 * Does work as part of an observation, which is current meanwhile.
	 * @param <T> the type of the result
	 * @param observation the observation; it is neither started nor stopped
	 * @param work what to do
	 * @return its result
	 */
	public static <T extends @Nullable Object> T within(Observation observation, Supplier<T> work) {
		Observation.Scope scope = observation.openScope();
		try {
			return work.get();
		}
		finally {
			scope.close();
		}
	}

	/**
	 * Observes blocking work.
	 * @param <T> the type of the result
	 * @param observation the observation, not started
	 * @param work what to do
	 * @return its result
	 */
	public static <T extends @Nullable Object> T observe(Observation observation, Supplier<T> work) {
		observation.start();
		T result;
		try {
			result = within(observation, work);
		}
		catch (Throwable ex) {
			fail(observation, ex);
			observation.stop();
			throw ex;
		}
		stop(observation, SUCCESS);
		return result;
	}

	/**
	 * Observes blocking work without a result.
	 * @param operation what it is
	 * @param work what to do
	 */
	public void observe(PacerelleObservation operation, Runnable work) {
		if (this.registry.isNoop()) {
			work.run();
			return;
		}
		observe(create(operation, null, null), () -> {
			work.run();
			return null;
		});
	}

	/**
	 * Observes each subscription to a publisher.
	 * @param <T> the type of the element
	 * @param created creates its observation
	 * @param work the publisher
	 * @return the publisher, with the observation in its context
	 */
	public <T> Mono<T> observe(Supplier<Observation> created, Mono<T> work) {
		if (this.registry.isNoop()) {
			return work;
		}
		return Mono.deferContextual((context) -> {
			Observation observation = created.get();
			if (context.hasKey(CONTEXT_KEY)) {
				observation.parentObservation(context.get(CONTEXT_KEY));
			}
			// Who has the element cancels what comes after it.
			AtomicBoolean ended = new AtomicBoolean();
			observation.start();
			return work.contextWrite(with(observation)).doOnSuccess((result) -> {
				ended.set(true);
				stop(observation, SUCCESS);
			}).doOnError((failure) -> {
				ended.set(true);
				fail(observation, failure);
				observation.stop();
			}).doOnCancel(() -> {
				if (ended.compareAndSet(false, true)) {
					stop(observation, "cancelled");
				}
			});
		});
	}

	/**
	 * Does blocking work on another thread, as part of the operation that subscribes.
	 * @param <T> the type of the result
	 * @param work what to do
	 * @param scheduler where
	 * @return its result
	 */
	public <T> Mono<T> call(Callable<T> work, Scheduler scheduler) {
		if (this.registry.isNoop()) {
			return Mono.fromCallable(work).subscribeOn(scheduler);
		}
		return Mono.deferContextual((context) -> {
			Observation current = current(context);
			Callable<T> observed = (current == null) ? work : () -> callWithin(current, work);
			return Mono.fromCallable(observed).subscribeOn(scheduler);
		});
	}

	private @Nullable Observation current(ContextView context) {
		return context.hasKey(CONTEXT_KEY) ? context.get(CONTEXT_KEY) : this.registry.getCurrentObservation();
	}

	private static <T> T callWithin(Observation observation, Callable<T> work) throws Exception {
		Observation.Scope scope = observation.openScope();
		try {
			return work.call();
		}
		finally {
			scope.close();
		}
	}

	/**
	 * The context of Reactor in which an observation is current.
	 * @param observation the observation
	 * @return the context
	 */
	public static ContextView with(Observation observation) {
		return observation.isNoop() ? Context.empty() : Context.of(CONTEXT_KEY, observation);
	}

}
