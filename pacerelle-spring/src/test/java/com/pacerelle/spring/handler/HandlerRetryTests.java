package com.pacerelle.spring.handler;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.context.support.StaticMessageSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerRetryTests {

	private static final RetrySettings DEFAULTS = new RetrySettings(3, Duration.ofMillis(200),
			Set.of(ArithmeticException.class), null);

	@Test
	void handlerHasTheSettingsOfTheApplicationUnlessItSaysOtherwise() {
		HandlerContext.with(Handlers.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.retryFor(message("hello"), DEFAULTS)).isEqualTo(DEFAULTS);
			RetrySettings own = registry.retryFor(message("/own"), DEFAULTS);
			assertThat(own.attempts()).isEqualTo(5);
			assertThat(own.backoff()).isEqualTo(Duration.ofSeconds(1));
			assertThat(own.noRetryFor()).containsExactlyInAnyOrder(ArithmeticException.class, IOException.class);
			assertThat(own.recoverer()).isNull();
		});
	}

	@Test
	void beanDecidesForAllAndAnotherOneForOneHandler() {
		MessageRecoverer all = (message, failure) -> Recovery.discard();
		HandlerContext.with(Handlers.class).withBean("all", MessageRecoverer.class, () -> all).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.retryFor(message("hello"), DEFAULTS).recoverer()).isSameAs(all);
		});
		HandlerContext.with(Handlers.class, Special.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.retryFor(message("/special"), DEFAULTS).recoverer())
				.isSameAs(context.getBean(Special.class));
		});
	}

	@Test
	void applicationSaysWhatPeopleRead() {
		StaticMessageSource messages = new StaticMessageSource();
		messages.addMessage("pacerelle.failure.other", Locale.getDefault(), "Das ging schief.");
		HandlerContext.with(Handlers.class)
			.withBean("messageSource", StaticMessageSource.class, () -> messages)
			.run((context) -> {
				HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
				assertThat(registry.sentenceFor(failed(new IOException()))).isEqualTo("Das ging schief.");
				assertThat(registry.sentenceFor(failed(new NoHandlerException("none"))))
					.isEqualTo("I do not know what to do with your message");
				assertThat(registry.sentenceFor(failed(
						new AttachmentRefusedException(AttachmentRefusedException.Reason.TOO_LARGE, "too large"))))
					.isEqualTo("A file of your message is not accepted");
				assertThat(registry.sentenceFor(failed(new PermissionNotGrantedException("no"))))
					.isEqualTo("This was not permitted");
			});
	}

	@Test
	void anExceptionHandlerMayWaitForTheLastAttempt() {
		HandlerContext.with(Failing.class, AfterLastAttempt.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			StepVerifier.create(registry.handle(message("/fail now"), TestConversation.INSTANCE))
				.verifyError(IOException.class);
			assertThat(recover(registry, "/fail now", new IOException()))
				.isEqualTo(Recovery.deadLetter(new Reply("m-1 in c1 failed: now")));
			assertThat(recover(registry, "/fail", new ArithmeticException())).isEqualTo(
					Recovery.deadLetter(new Reply("Something went wrong, and your message could not be handled")));
			IllegalStateException second = new IllegalStateException();
			assertThat(recover(registry, "/fail", second).replies())
				.containsExactly(new Reply("Something went wrong, and your message could not be handled"));
			assertThat(second.getSuppressed()).hasOnlyElementsOfType(UnsupportedOperationException.class);
		});
	}

	@Test
	void aRecovererDecidesWhatNoExceptionHandlerDoesAfterTheLastAttempt() {
		MessageRecoverer discard = (message, failure) -> Recovery.discard();
		HandlerContext.with(Failing.class, AfterLastAttempt.class)
			.withBean("discard", MessageRecoverer.class, () -> discard)
			.run((context) -> {
				HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
				assertThat(recover(registry, "/fail", new IOException()).kept()).isTrue();
				assertThat(recover(registry, "/fail", new ArithmeticException())).isEqualTo(Recovery.discard());
			});
	}

	private static Recovery recover(HandlerMethodRegistry registry, String text, Throwable failure) {
		MessageRecoverer recoverer = registry.retryFor(message(text), DEFAULTS).recoverer();
		assertThat(recoverer).isNotNull();
		return recoverer.recover(message(text), TestConversation.INSTANCE, failure);
	}

	private static HandlingFailed failed(Throwable failure) {
		return new HandlingFailed("m-1", "c-1", failure);
	}

	private static AgentMessage message(String text) {
		return AgentMessage.builder("alice", "c-1").id("m-1").text(text).build();
	}

	static class Handlers {

		@PacerelleHandler
		String any() {
			return "any";
		}

		@PacerelleHandler(command = "/own", attempts = 5, backoffMillis = 1000, noRetryFor = IOException.class)
		String own() {
			return "own";
		}

		@PacerelleHandler(command = "/special", recoverer = Special.class)
		String special() {
			return "special";
		}

	}

	static class Failing {

		@PacerelleHandler("/fail")
		void fail(@Argument Optional<String> when) throws IOException {
			throw new IOException();
		}

	}

	static class AfterLastAttempt {

		@PacerelleExceptionHandler(afterLastAttempt = true)
		String failed(IOException failure, AgentMessage message, HandlerInvocation invocation) {
			return message.id() + " in " + invocation.conversation().id() + " failed: "
					+ invocation.arguments().get("when");
		}

		@PacerelleExceptionHandler(afterLastAttempt = true)
		String failing(IllegalStateException failure) {
			throw new UnsupportedOperationException();
		}

	}

	static class Special implements MessageRecoverer {

		@Override
		public Recovery recover(AgentMessage message, Throwable failure) {
			return Recovery.discard();
		}

	}

}
