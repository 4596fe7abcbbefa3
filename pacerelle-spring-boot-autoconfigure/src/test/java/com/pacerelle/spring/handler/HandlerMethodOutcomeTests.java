package com.pacerelle.spring.handler;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import com.pacerelle.client.AgentMessage;
import com.pacerelle.client.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When is a message accepted, and what is its reply? The table of return types and
 * outcomes, as the client sees them: a publisher that completes is an accepted and
 * acknowledged message, one that fails is a message that is handled again, one that does
 * neither is a message that is still handled.
 */
class HandlerMethodOutcomeTests {

	private static final AgentMessage MESSAGE = new AgentMessage("m1", "c1", "u1", null, "hello", null);

	@ParameterizedTest
	@EnumSource
	void eachReturnTypeAndOutcomeHasItsConsequence(Row row) {
		StaticListableBeanFactory beanFactory = new StaticListableBeanFactory();
		beanFactory.addBean("handlers", new Handlers());
		Method method = ReflectionUtils.findMethod(Handlers.class, row.name());
		assertThat(method).isNotNull();
		HandlerMethod handler = new HandlerMethod(beanFactory, "handlers", Handlers.class, method, new Arguments(() -> {
			throw new IllegalStateException();
		}));
		row.consequence.accept(handler.handle(MESSAGE));
	}

	private static Consumer<Mono<Reply>> acceptedWith(String reply) {
		return (result) -> StepVerifier.create(result).expectNext(new Reply(reply)).verifyComplete();
	}

	private static Consumer<Mono<Reply>> acceptedWithoutReply() {
		return (result) -> StepVerifier.create(result).verifyComplete();
	}

	private static Consumer<Mono<Reply>> handledAgainAfter(Class<? extends Throwable> failure) {
		return (result) -> StepVerifier.create(result)
			.verifyErrorSatisfies((ex) -> assertThat(ex).isExactlyInstanceOf(failure));
	}

	private static Consumer<Mono<Reply>> stillHandled() {
		return (result) -> assertThat(result.toFuture()).isNotDone();
	}

	enum Row {

		textValue(acceptedWith("reply")),

		textEmpty(acceptedWith("")),

		textNull(acceptedWithoutReply()),

		textThrows(handledAgainAfter(IllegalStateException.class)),

		textThrowsChecked(handledAgainAfter(IOException.class)),

		textThrowsError(handledAgainAfter(AssertionError.class)),

		nothingReturns(acceptedWithoutReply()),

		nothingThrows(handledAgainAfter(IllegalStateException.class)),

		voidObjectNull(acceptedWithoutReply()),

		monoValue(acceptedWith("reply")),

		monoEmpty(acceptedWithoutReply()),

		monoNull(acceptedWithoutReply()),

		monoThrows(handledAgainAfter(IllegalStateException.class)),

		monoFails(handledAgainAfter(IOException.class)),

		monoNever(stillHandled()),

		monoOfNothingCompletes(acceptedWithoutReply()),

		monoOfNothingNull(acceptedWithoutReply()),

		monoOfNothingThrows(handledAgainAfter(IllegalStateException.class)),

		monoOfNothingFails(handledAgainAfter(IOException.class)),

		monoOfNothingNever(stillHandled()),

		stageValue(acceptedWith("reply")),

		stageValueNull(acceptedWithoutReply()),

		stageNull(acceptedWithoutReply()),

		stageThrows(handledAgainAfter(IllegalStateException.class)),

		stageFails(handledAgainAfter(IOException.class)),

		stageFailsLater(handledAgainAfter(IllegalStateException.class)),

		stageCancelled(handledAgainAfter(CancellationException.class)),

		stageNever(stillHandled()),

		stageOfNothingCompletes(acceptedWithoutReply()),

		stageOfNothingNull(acceptedWithoutReply()),

		stageOfNothingThrows(handledAgainAfter(IllegalStateException.class)),

		stageOfNothingFails(handledAgainAfter(IOException.class)),

		stageOfNothingNever(stillHandled()),

		futureValue(acceptedWith("reply"));

		private final Consumer<Mono<Reply>> consequence;

		Row(Consumer<Mono<Reply>> consequence) {
			this.consequence = consequence;
		}

	}

	static class Handlers {

		String textValue() {
			return "reply";
		}

		String textEmpty() {
			return "";
		}

		@Nullable String textNull() {
			return null;
		}

		String textThrows() {
			throw new IllegalStateException();
		}

		String textThrowsChecked() throws IOException {
			throw new IOException();
		}

		String textThrowsError() {
			throw new AssertionError();
		}

		void nothingReturns() {
		}

		void nothingThrows() {
			throw new IllegalStateException();
		}

		@Nullable Void voidObjectNull() {
			return null;
		}

		Mono<String> monoValue() {
			return Mono.just("reply");
		}

		Mono<String> monoEmpty() {
			return Mono.empty();
		}

		@Nullable Mono<String> monoNull() {
			return null;
		}

		Mono<String> monoThrows() {
			throw new IllegalStateException();
		}

		Mono<String> monoFails() {
			return Mono.error(new IOException());
		}

		Mono<String> monoNever() {
			return Mono.never();
		}

		Mono<Void> monoOfNothingCompletes() {
			return Mono.empty();
		}

		@Nullable Mono<Void> monoOfNothingNull() {
			return null;
		}

		Mono<Void> monoOfNothingThrows() {
			throw new IllegalStateException();
		}

		Mono<Void> monoOfNothingFails() {
			return Mono.error(new IOException());
		}

		Mono<Void> monoOfNothingNever() {
			return Mono.never();
		}

		CompletionStage<String> stageValue() {
			return CompletableFuture.completedFuture("reply");
		}

		CompletionStage<@Nullable String> stageValueNull() {
			return CompletableFuture.completedFuture(null);
		}

		@Nullable CompletionStage<String> stageNull() {
			return null;
		}

		CompletionStage<String> stageThrows() {
			throw new IllegalStateException();
		}

		CompletionStage<String> stageFails() {
			return CompletableFuture.failedFuture(new IOException());
		}

		CompletionStage<String> stageFailsLater() {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException();
			});
		}

		CompletionStage<String> stageCancelled() {
			CompletableFuture<String> stage = new CompletableFuture<>();
			stage.cancel(true);
			return stage;
		}

		CompletionStage<String> stageNever() {
			return new CompletableFuture<>();
		}

		CompletionStage<@Nullable Void> stageOfNothingCompletes() {
			return CompletableFuture.completedFuture(null);
		}

		@Nullable CompletionStage<Void> stageOfNothingNull() {
			return null;
		}

		CompletionStage<Void> stageOfNothingThrows() {
			throw new IllegalStateException();
		}

		CompletionStage<Void> stageOfNothingFails() {
			return CompletableFuture.failedFuture(new IOException());
		}

		CompletionStage<Void> stageOfNothingNever() {
			return new CompletableFuture<>();
		}

		CompletableFuture<String> futureValue() {
			return CompletableFuture.completedFuture("reply");
		}

	}

}
