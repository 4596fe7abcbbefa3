package com.pacerelle.spring.handler;

import java.util.Map;

import com.pacerelle.client.message.AgentMessage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandlerInvocation}: how code below a handler method finds it.
 */
class HandlerInvocationTests {

	private final HandlerInvocation outer = invocation("outer");

	private final HandlerInvocation inner = invocation("inner");

	@Test
	void outsideOfHandlersThereIsNone() {
		assertThat(HandlerInvocation.current()).isEmpty();
		StepVerifier.create(HandlerInvocation.fromContext()).verifyComplete();
	}

	@Test
	void blockingCodeFindsTheOneOfItsThread() {
		assertThat(this.outer.call(HandlerInvocation::current)).contains(this.outer);
		assertThat(HandlerInvocation.current()).isEmpty();
	}

	@Test
	void nestedCallsSeeTheInnerOneAndThenTheOuterOneAgain() {
		this.outer.call(() -> {
			assertThat(this.inner.call(HandlerInvocation::current)).contains(this.inner);
			assertThat(HandlerInvocation.current()).contains(this.outer);
			return null;
		});
	}

	@Test
	void aFailureLeavesNothingBehind() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.outer.call(() -> {
			throw new IllegalStateException();
		}));
		assertThat(HandlerInvocation.current()).isEmpty();
	}

	@Test
	void reactiveCodeFindsItOnAnyThread() {
		StepVerifier.create(this.outer.subscribing(() -> Flux.just("anything")
			.publishOn(Schedulers.parallel())
			.concatMap((value) -> HandlerInvocation.fromContext()))).expectNext(this.outer).verifyComplete();
	}

	@Test
	void blockingCodeThatIsSubscribedToFindsIt() {
		StepVerifier.create(this.outer.subscribing(() -> Flux.from(Mono.fromSupplier(HandlerInvocation::current))))
			.assertNext((current) -> assertThat(current).contains(this.outer))
			.verifyComplete();
		assertThat(HandlerInvocation.current()).isEmpty();
	}

	@Test
	void withContextPropagationBlockingCodeFindsItWhereverReactiveCodeMoves() {
		Hooks.enableAutomaticContextPropagation();
		try {
			StepVerifier
				.create(this.outer.subscribing(() -> Flux.just("anything")
					.publishOn(Schedulers.parallel())
					.map((value) -> HandlerInvocation.current())))
				.assertNext((current) -> assertThat(current).contains(this.outer))
				.verifyComplete();
			assertThat(HandlerInvocation.current()).isEmpty();
		}
		finally {
			Hooks.disableAutomaticContextPropagation();
		}
	}

	@Test
	void reactiveCodeThatIsBlockedForFindsTheOneOfTheThread() {
		assertThat(this.outer.call(() -> HandlerInvocation.fromContext().block())).isEqualTo(this.outer);
	}

	@Test
	void itPrintsNoContent() {
		HandlerInvocation invocation = new HandlerInvocation(
				AgentMessage.builder("u1", "c1").id("m1").text("secret").build(), TestConversation.INSTANCE,
				Map.of("version", "secret"));
		assertThat(invocation).hasToString("HandlerInvocation[message=m1]");
	}

	private static HandlerInvocation invocation(String messageId) {
		return new HandlerInvocation(AgentMessage.builder("u1", "c1").id(messageId).text("hello").build(),
				TestConversation.INSTANCE);
	}

}
