package com.pacerelle.spring.handler;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static com.pacerelle.spring.handler.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages whose handlers fail:
 * {@link PacerelleExceptionHandler @PacerelleExceptionHandler}.
 */
class ExceptionHandlerTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/file        | own bean: file not found
			/io          | own bean: input or output
			/state       | all beans: IllegalStateException of m1 in c1
			/reactive    | all beans: IllegalStateException of m1 in c1
			/stage       | all beans: IllegalStateException of m1 in c1
			/error       | all beans: AssertionError
			/invalid     | What is wrong
			/own-invalid | No such version
			""")
	void theClosestMethodOfTheBeanThenOfAllBeansIsCalled(String command, String reply) {
		HandlerContext.with(Failing.class, ForAll.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text(command))).isEqualTo(reply));
	}

	@Test
	void aMethodForOneBeanIsNotCalledForOthers() {
		HandlerContext.with(Failing.class, OtherFailing.class)
			.run((context) -> verify(context.getBean(HandlerMethodRegistry.class), "/other", IOException.class));
	}

	@Test
	void aFailureThatNothingHandlesFailsTheMessage() {
		HandlerContext.with(Failing.class)
			.run((context) -> verify(context.getBean(HandlerMethodRegistry.class), "/state",
					IllegalStateException.class));
	}

	@Test
	void aFailureOfTheExceptionHandlerFailsTheMessageWithTheFirstFailure() {
		HandlerContext.with(OtherFailing.class, FailingAgain.class)
			.run((context) -> StepVerifier
				.create(context.getBean(HandlerMethodRegistry.class).handle(text("/other"), TestConversation.INSTANCE))
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(IOException.class)
					.satisfies((first) -> assertThat(first.getSuppressed())
						.hasOnlyElementsOfType(UnsupportedOperationException.class))));
	}

	@Test
	void anExceptionHandlerMayThrowTheSameFailureAgain() {
		HandlerContext.with(OtherFailing.class, Rethrowing.class)
			.run((context) -> StepVerifier
				.create(context.getBean(HandlerMethodRegistry.class).handle(text("/other"), TestConversation.INSTANCE))
				.verifyErrorSatisfies(
						(failure) -> assertThat(failure).isInstanceOf(IOException.class).hasNoSuppressedExceptions()));
	}

	@Test
	void aFailureThatReactorWrapsIsTheCause() {
		HandlerContext.with(Blocking.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			verify(registry, "/blocked", TimeoutException.class);
			verify(registry, "/blocked-interrupted", InterruptedException.class);
		});
	}

	@Test
	void anInterruptedHandlerHasNotFailed() {
		HandlerContext.with(Failing.class, ForAll.class)
			.run((context) -> verify(context.getBean(HandlerMethodRegistry.class), "/interrupted",
					InterruptedException.class));
	}

	@Test
	void aPersonWhoGivesNoAnswerIsNotAskedAgain() {
		HandlerContext.with(Asking.class)
			.run((context) -> assertThat(HandlerContext.of(context).handle(text("/ask"))).isEmpty());
		HandlerContext.with(Asking.class, OnNoAnswer.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/ask"))).isEqualTo("As you like"));
	}

	@Test
	void aMethodForEverythingLeavesTheFrameworksOwnAnswersAlone() {
		HandlerContext.with(Failing.class, Asking.class, Refused.class, CatchAll.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(text("/state"))).isEqualTo("caught IllegalStateException");
			assertThat(agent.reply(text("/invalid"))).isEqualTo("What is wrong");
			assertThat(agent.reply(text("/own-invalid"))).isEqualTo("No such version");
			assertThat(agent.handle(text("/ask"))).isEmpty();
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			verify(registry, "/refused", PermissionNotGrantedException.class);
			verify(registry, "/file-refused", AttachmentRefusedException.class);
		});
	}

	@Test
	void aRefusalEndsTheMessageAlsoWhenItIsWrapped() {
		HandlerContext.with(Refused.class)
			.run((context) -> verify(context.getBean(HandlerMethodRegistry.class), "/wrapped",
					PermissionNotGrantedException.class));
	}

	@Test
	void aMethodThatNamesThemReplacesTheFrameworksOwnAnswers() {
		HandlerContext.with(Failing.class, Asking.class, Refused.class, CatchAll.class, OnNoAnswer.class, Named.class)
			.run((context) -> {
				HandlerContext agent = HandlerContext.of(context);
				assertThat(agent.reply(text("/ask"))).isEqualTo("As you like");
				assertThat(agent.reply(text("/own-invalid"))).isEqualTo("named InvalidArgumentException");
				assertThat(agent.reply(text("/refused"))).isEqualTo("named PermissionNotGrantedException");
			});
	}

	@Test
	void whatWasSentBeforeAFailureIsSentBeforeItsReply() {
		HandlerContext.with(Failing.class, ForAll.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/half")))
				.isEqualTo("first|all beans: IllegalStateException of m1 in c1"));
	}

	@Test
	void theMethodMayBlockWhereverTheFailureCameFrom() {
		HandlerContext.with(OnEventLoop.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("hello"))).isEqualTo("blocked for m1"));
	}

	@Test
	void methodsForTheSameExceptionAreRefused() {
		assertThat(HandlerContext.problem(SameType.class)).contains("The @PacerelleExceptionHandler method")
			.contains("is for java.io.IOException, but so is '" + SameType.class.getName());
		assertThat(HandlerContext.problem(ForAll.class, AlsoForAll.class))
			.contains("is for java.lang.IllegalStateException");
	}

	@Test
	void methodsThatCannotBeCalledAreRefused() {
		assertThat(HandlerContext.problem(Unsupported.class).lines()).hasSize(3)
			.anyMatch((line) -> line.contains(".forWhat()") && line.contains("which exceptions it is for"))
			.anyMatch((line) -> line.contains(".forOthersToo(IllegalStateException)")
					&& line.contains("but is for other exceptions too"))
			.anyMatch((line) -> line.contains(".answer(IOException, boolean)") && line.contains("and the exception"));
	}

	private static void verify(HandlerMethodRegistry registry, String command, Class<? extends Throwable> failure) {
		StepVerifier.create(registry.handle(text(command), TestConversation.INSTANCE)).verifyError(failure);
	}

	static class Failing {

		@PacerelleHandler(command = "/file")
		void file() throws IOException {
			throw new FileNotFoundException();
		}

		@PacerelleHandler(command = "/io")
		void io() throws IOException {
			throw new IOException();
		}

		@PacerelleHandler(command = "/state")
		void state() {
			throw new IllegalStateException();
		}

		@PacerelleHandler(command = "/reactive")
		Mono<String> reactive() {
			return Mono.error(new IllegalStateException());
		}

		@PacerelleHandler(command = "/stage")
		CompletionStage<String> stage() {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException();
			});
		}

		@PacerelleHandler(command = "/error")
		void error() {
			throw new AssertionError();
		}

		@PacerelleHandler(command = "/invalid")
		void invalid() {
			throw new InvalidAnswerException("w", List.of("What is wrong"));
		}

		@PacerelleHandler(command = "/own-invalid")
		void ownInvalid() {
			throw new InvalidArgumentException("version", List.of("No such version"));
		}

		@PacerelleHandler(command = "/interrupted")
		void interrupted() throws InterruptedException {
			throw new InterruptedException();
		}

		@PacerelleHandler(command = "/half")
		Flux<Reply> half() {
			return Flux.just(new Reply("first")).concatWith(Mono.error(new IllegalStateException()));
		}

		@PacerelleExceptionHandler
		String io(IOException failure) {
			return "own bean: input or output";
		}

		@PacerelleExceptionHandler
		Mono<Reply> notFound(FileNotFoundException failure) {
			return Mono.just(new Reply("own bean: file not found"));
		}

	}

	static class Asking {

		@PacerelleHandler(command = "/ask")
		Mono<String> ask() {
			return Mono.error(new AnswerCancelledException("sure"));
		}

	}

	static class OnNoAnswer {

		@PacerelleExceptionHandler
		String cancelled(AnswerCancelledException failure) {
			return "As you like";
		}

	}

	static class Refused {

		@PacerelleHandler("/refused")
		void refused() {
			throw new PermissionNotGrantedException("no");
		}

		@PacerelleHandler("/wrapped")
		void wrapped() {
			throw new IllegalStateException(new RuntimeException(new PermissionNotGrantedException("no")));
		}

		@PacerelleHandler("/file-refused")
		void fileRefused() {
			throw new AttachmentRefusedException(AttachmentRefusedException.Reason.TOO_LARGE, "too large");
		}

	}

	static class CatchAll {

		@PacerelleExceptionHandler
		String caught(Exception failure) {
			return "caught " + failure.getClass().getSimpleName();
		}

	}

	static class Named {

		@PacerelleExceptionHandler({ InvalidArgumentException.class, PermissionNotGrantedException.class })
		String named(RuntimeException failure) {
			return "named " + failure.getClass().getSimpleName();
		}

	}

	static class OtherFailing {

		@PacerelleHandler(command = "/other")
		void io() throws IOException {
			throw new IOException();
		}

	}

	static class ForAll {

		@PacerelleExceptionHandler
		String state(IllegalStateException failure, AgentMessage message, Conversation conversation) {
			return "all beans: IllegalStateException of " + message.id() + " in " + conversation.id();
		}

		@PacerelleExceptionHandler({ AssertionError.class, IOException.class, InterruptedException.class })
		String others(Throwable failure) {
			return "all beans: " + failure.getClass().getSimpleName();
		}

	}

	static class AlsoForAll {

		@PacerelleExceptionHandler(IllegalStateException.class)
		void state() {
		}

	}

	static class FailingAgain {

		@PacerelleExceptionHandler
		String failing(IOException failure) {
			throw new UnsupportedOperationException();
		}

	}

	static class Rethrowing {

		@PacerelleExceptionHandler
		String rethrow(IOException failure) throws IOException {
			throw failure;
		}

	}

	static class Blocking {

		@PacerelleHandler(command = "/blocked")
		String blocked() {
			return Mono.<String>error(new TimeoutException()).block();
		}

		@PacerelleHandler(command = "/blocked-interrupted")
		String interrupted() {
			return Mono.<String>error(new InterruptedException()).block();
		}

	}

	static class OnEventLoop {

		@PacerelleHandler
		Mono<String> fail() {
			return Mono.<String>error(new IllegalStateException()).subscribeOn(Schedulers.parallel());
		}

		@PacerelleExceptionHandler(IllegalStateException.class)
		String block() {
			String message = HandlerInvocation.current().map((current) -> current.message().id()).orElseThrow();
			return Mono.just("blocked for " + message).hide().block();
		}

	}

	static class SameType {

		@PacerelleExceptionHandler
		void one(IOException failure) {
		}

		@PacerelleExceptionHandler(IOException.class)
		void another() {
		}

	}

	static class Unsupported {

		@PacerelleExceptionHandler
		void forWhat() {
		}

		@PacerelleExceptionHandler(RuntimeException.class)
		void forOthersToo(IllegalStateException failure) {
		}

		@PacerelleExceptionHandler
		void answer(IOException failure, boolean yes) {
		}

	}

}
