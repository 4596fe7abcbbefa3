package com.pacerelle.spring.handler;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import org.junit.jupiter.api.Test;

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

	private static HandlingFailed failed(Throwable failure) {
		return new HandlingFailed("m-1", "c-1", failure);
	}

	private static AgentMessage message(String text) {
		return AgentMessage.of("m-1", "c-1", "alice", text);
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

	static class Special implements MessageRecoverer {

		@Override
		public Recovery recover(AgentMessage message, Throwable failure) {
			return Recovery.discard();
		}

	}

}
