package com.pacerelle.spring.handler;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
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

	private static final String SENTENCE = "Something went wrong, and your message could not be handled";

	private final StaticListableBeanFactory beanFactory = new StaticListableBeanFactory(
			Map.of("handlers", new Handlers()));

	@TempDir
	Path storeRoot;

	@ParameterizedTest
	@EnumSource
	void theClientIsToldTheOutcome(Row row) {
		Flux<Content> result = handle(row);
		switch (row.outcome) {
			case ACCEPTED -> StepVerifier.create(result).expectNextSequence(row.replies).verifyComplete();
			case HANDLED_AGAIN -> StepVerifier.create(result).verifyError(row.failure);
			case STILL_HANDLED -> assertThat(result.next().toFuture()).isNotDone();
		}
	}

	@Test
	void theRelayIsToldTheOutcome() {
		AgentMessageHandler handler = (message, conversation) -> handle(Row.valueOf(message.id()));
		try (ScriptedRelay relay = new ScriptedRelay(Stream.of(Row.values()).map(this::message).toList());
				AgentStore store = SqliteAgentStore.open(this.storeRoot, "agent")) {
			AgentGatewayClient client = new DefaultAgentGatewayClient(settings(relay), store, handler);
			Set<String> failed = ConcurrentHashMap.newKeySet();
			client.events().ofType(HandlingFailed.class).subscribe((event) -> failed.add(event.messageId()));
			client.start();
			await().untilAsserted(() -> {
				assertThat(relay.acknowledged())
					.containsExactlyInAnyOrderElementsOf(messages(Outcome.ACCEPTED, Outcome.HANDLED_AGAIN));
				assertThat(failed).containsExactlyInAnyOrderElementsOf(messages(Outcome.HANDLED_AGAIN));
			});
			assertThat(relay.replies()).containsExactlyInAnyOrderEntriesOf(replies());
			assertThat(client.deadLetters()).extracting(DeadLetter::messageId)
				.containsExactlyInAnyOrderElementsOf(messages(Outcome.HANDLED_AGAIN));
			client.stop(Duration.ZERO).block();
		}
	}

	private AgentGatewaySettings settings(ScriptedRelay relay) {
		return AgentGatewaySettings.builder("agent", "token")
			.storeRoot(this.storeRoot)
			.encrypted(false)
			.connection((connection) -> connection.baseUrl(relay.address()))
			.handling((handling) -> handling.attempts(2).backoff(Duration.ZERO))
			.build();
	}

	private Flux<Content> handle(Row row) {
		Method found = ReflectionUtils.findMethod(Handlers.class, row.name());
		assertThat(found).isNotNull();
		HandlerMethod method = new HandlerMethod(this.beanFactory, "handlers", Handlers.class, found);
		InvocableHandlerMethod handler = new InvocableHandlerMethod(method, new Parameters(List.of()),
				new Results(List.of(), new Words(List.of())).of(method), null, null);
		return handler.invoke(new HandlerInvocation(message(row), TestConversation.INSTANCE), null);
	}

	/**
	 * Each message has a conversation of its own: those of one conversation wait for each
	 * other.
	 */
	private AgentMessage message(Row row) {
		return AgentMessage.builder("person", "conversation-" + row.name()).id(row.name()).text("hello").build();
	}

	private static List<String> messages(Outcome... outcomes) {
		return Stream.of(Row.values()).filter((row) -> List.of(outcomes).contains(row.outcome)).map(Row::name).toList();
	}

	private static Map<String, List<String>> replies() {
		return Stream.of(Row.values())
			.filter((row) -> !row.replies.isEmpty() || row.outcome == Outcome.HANDLED_AGAIN)
			.collect(Collectors.toMap(Row::name, (row) -> (row.outcome == Outcome.HANDLED_AGAIN) ? List.of(SENTENCE)
					: row.replies.stream().map(Reply::text).toList()));
	}

	enum Outcome {

		/** The message is acknowledged after its reply, if there is one, was sent. */
		ACCEPTED,

		/**
		 * The message is handled again, then it is a dead letter, and the person is told.
		 */
		HANDLED_AGAIN,

		/** The message waits for the handler, and is not acknowledged yet. */
		STILL_HANDLED

	}

	enum Row {

		textValue(Outcome.ACCEPTED, "reply"),

		textEmpty(Outcome.ACCEPTED),

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

		futureValue(Outcome.ACCEPTED, "reply"),

		fluxValues(Outcome.ACCEPTED, "first", "second"),

		fluxEmpty(Outcome.ACCEPTED),

		fluxNull(Outcome.ACCEPTED),

		fluxThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		fluxFails(Outcome.HANDLED_AGAIN, IOException.class),

		fluxNever(Outcome.STILL_HANDLED),

		tokensValues(Outcome.ACCEPTED, "first and second"),

		tokensEmpty(Outcome.ACCEPTED),

		tokensFail(Outcome.HANDLED_AGAIN, IOException.class),

		listValues(Outcome.ACCEPTED, "first", "second"),

		listEmpty(Outcome.ACCEPTED),

		streamValues(Outcome.ACCEPTED, "first", "second"),

		streamThrows(Outcome.HANDLED_AGAIN, IllegalStateException.class),

		optionalValue(Outcome.ACCEPTED, "reply"),

		optionalEmpty(Outcome.ACCEPTED),

		monoOfListValues(Outcome.ACCEPTED, "first", "second"),

		objectValue(Outcome.ACCEPTED, "reply"),

		objectThatIsNotSent(Outcome.HANDLED_AGAIN, IllegalStateException.class);

		private final Outcome outcome;

		private final List<Reply> replies;

		private final @Nullable Class<? extends Throwable> failure;

		Row(Outcome outcome, String... replies) {
			this(outcome, List.of(replies), null);
		}

		Row(Outcome outcome, Class<? extends Throwable> failure) {
			this(outcome, List.of(), failure);
		}

		Row(Outcome outcome, List<String> replies, @Nullable Class<? extends Throwable> failure) {
			this.outcome = outcome;
			this.replies = replies.stream().map(Reply::new).toList();
			this.failure = failure;
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

		Flux<Reply> fluxValues() {
			return Flux.just(new Reply("first"), new Reply("second"));
		}

		Flux<String> tokensValues() {
			return Flux.just("first", " and", " second");
		}

		Flux<String> tokensEmpty() {
			return Flux.empty();
		}

		Flux<String> tokensFail() {
			return Flux.just("first").concatWith(Mono.error(new IOException()));
		}

		Flux<Reply> fluxEmpty() {
			return Flux.empty();
		}

		@Nullable Flux<Reply> fluxNull() {
			return null;
		}

		Flux<Reply> fluxThrows() {
			throw new IllegalStateException();
		}

		Flux<Reply> fluxFails() {
			return Flux.error(new IOException());
		}

		Flux<Reply> fluxNever() {
			return Flux.never();
		}

		List<String> listValues() {
			return List.of("first", "second");
		}

		List<String> listEmpty() {
			return List.of();
		}

		Stream<String> streamValues() {
			return Stream.of("first", "second");
		}

		Stream<String> streamThrows() {
			return Stream.of("first").map((text) -> {
				throw new IllegalStateException();
			});
		}

		Optional<String> optionalValue() {
			return Optional.of("reply");
		}

		Optional<String> optionalEmpty() {
			return Optional.empty();
		}

		Mono<List<String>> monoOfListValues() {
			return Mono.just(List.of("first", "second"));
		}

		Object objectValue() {
			return "reply";
		}

		Object objectThatIsNotSent() {
			return 1;
		}

	}

}
