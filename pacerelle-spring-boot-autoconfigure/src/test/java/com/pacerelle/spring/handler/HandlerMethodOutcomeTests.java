package com.pacerelle.spring.handler;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.SqliteAgentStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * When is a message accepted and acknowledged, and what is its reply? The table of return
 * types and outcomes, first as handler methods answer the client, then through the client
 * as the relay sees it.
 */
class HandlerMethodOutcomeTests {

	private final StaticListableBeanFactory beanFactory = new StaticListableBeanFactory(
			Map.of("handlers", new Handlers()));

	@TempDir
	Path storeRoot;

	@ParameterizedTest
	@EnumSource
	void theClientIsToldTheOutcome(Row row) {
		Flux<Reply> result = handlerMethod(row).handle(message(row), TestConversation.INSTANCE);
		switch (row.outcome) {
			case ACCEPTED -> StepVerifier.create(result).expectNextSequence(row.replies()).verifyComplete();
			case HANDLED_AGAIN -> StepVerifier.create(result).verifyError(row.failure);
			case STILL_HANDLED -> assertThat(result.next().toFuture()).isNotDone();
		}
	}

	@Test
	void theRelayIsToldTheOutcome() {
		AgentMessageHandler handler = (message, conversation) -> handlerMethod(Row.valueOf(message.id()))
			.handle(message, conversation);
		try (ScriptedRelay relay = new ScriptedRelay(Stream.of(Row.values()).map(this::message).toList());
				AgentStore store = SqliteAgentStore.open(this.storeRoot, "agent")) {
			AgentGatewayClient client = AgentGatewayClient.create(settings(relay), store, handler);
			Set<String> failed = ConcurrentHashMap.newKeySet();
			client.events().ofType(HandlingFailed.class).subscribe((event) -> failed.add(event.messageId()));
			client.start();
			await().untilAsserted(() -> {
				assertThat(relay.acknowledged()).containsExactlyInAnyOrderElementsOf(messages(Outcome.ACCEPTED));
				assertThat(failed).containsExactlyInAnyOrderElementsOf(messages(Outcome.HANDLED_AGAIN));
			});
			assertThat(relay.replies()).containsExactlyInAnyOrderEntriesOf(replies());
			client.stop(Duration.ZERO).block();
		}
	}

	private AgentGatewaySettings settings(ScriptedRelay relay) {
		return AgentGatewaySettings.builder("agent", "token")
			.baseUrl(relay.address())
			.storeRoot(this.storeRoot)
			.encrypted(false)
			.handlerAttempts(2)
			.handlerBackoff(Duration.ZERO)
			.build();
	}

	private HandlerMethod handlerMethod(Row row) {
		Method method = ReflectionUtils.findMethod(Handlers.class, row.name());
		assertThat(method).isNotNull();
		return new HandlerMethod(this.beanFactory, "handlers", Handlers.class, method, new Arguments(() -> {
			throw new IllegalStateException();
		}));
	}

	/**
	 * Each message has a conversation of its own: those of one conversation wait for each
	 * other.
	 */
	private AgentMessage message(Row row) {
		return AgentMessage.of(row.name(), "conversation-" + row.name(), "person", "hello");
	}

	private static List<String> messages(Outcome outcome) {
		return Stream.of(Row.values()).filter((row) -> row.outcome == outcome).map(Row::name).toList();
	}

	private static Map<String, String> replies() {
		return Stream.of(Row.values())
			.filter((row) -> row.reply != null)
			.collect(Collectors.toMap(Row::name, (row) -> row.reply));
	}

	enum Outcome {

		/** The message is acknowledged after its reply, if there is one, was sent. */
		ACCEPTED,

		/** The message is handled again, then set aside, and not acknowledged. */
		HANDLED_AGAIN,

		/** The message waits for the handler, and is not acknowledged yet. */
		STILL_HANDLED

	}

	enum Row {

		textValue(Outcome.ACCEPTED, "reply"),

		textEmpty(Outcome.ACCEPTED, ""),

		textNull(Outcome.ACCEPTED),

		textThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		textThrowsChecked(Outcome.HANDLED_AGAIN, IOException.class),

		textThrowsError(Outcome.HANDLED_AGAIN, AssertionError.class),

		nothingReturns(Outcome.ACCEPTED),

		nothingThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		voidObjectNull(Outcome.ACCEPTED),

		monoValue(Outcome.ACCEPTED, "reply"),

		monoEmpty(Outcome.ACCEPTED),

		monoNull(Outcome.ACCEPTED),

		monoThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		monoFails(Outcome.HANDLED_AGAIN, IOException.class),

		monoNever(Outcome.STILL_HANDLED),

		monoOfNothingCompletes(Outcome.ACCEPTED),

		monoOfNothingNull(Outcome.ACCEPTED),

		monoOfNothingThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		monoOfNothingFails(Outcome.HANDLED_AGAIN, IOException.class),

		monoOfNothingNever(Outcome.STILL_HANDLED),

		stageValue(Outcome.ACCEPTED, "reply"),

		stageValueNull(Outcome.ACCEPTED),

		stageNull(Outcome.ACCEPTED),

		stageThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		stageFails(Outcome.HANDLED_AGAIN, IOException.class),

		stageFailsLater(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		stageCancelled(Outcome.HANDLED_AGAIN, CancellationException.class),

		stageNever(Outcome.STILL_HANDLED),

		stageOfNothingCompletes(Outcome.ACCEPTED),

		stageOfNothingNull(Outcome.ACCEPTED),

		stageOfNothingThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		stageOfNothingFails(Outcome.HANDLED_AGAIN, IOException.class),

		stageOfNothingNever(Outcome.STILL_HANDLED),

		futureValue(Outcome.ACCEPTED, "reply");

		private final Outcome outcome;

		private final @Nullable String reply;

		private final @Nullable Class<? extends Throwable> failure;

		Row(Outcome outcome) {
			this(outcome, null, null);
		}

		Row(Outcome outcome, String reply) {
			this(outcome, reply, null);
		}

		Row(Outcome outcome, Class<? extends Throwable> failure) {
			this(outcome, null, failure);
		}

		Row(Outcome outcome, @Nullable String reply, @Nullable Class<? extends Throwable> failure) {
			this.outcome = outcome;
			this.reply = reply;
			this.failure = failure;
		}

		List<Reply> replies() {
			return (this.reply != null) ? List.of(new Reply(this.reply)) : List.of();
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
