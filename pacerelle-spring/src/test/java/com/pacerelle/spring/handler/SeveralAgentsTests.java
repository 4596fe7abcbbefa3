package com.pacerelle.spring.handler;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link HandlerMethodRegistry#forAgent}.
 */
class SeveralAgentsTests {

	private static final RetrySettings DEFAULTS = new RetrySettings(3, Duration.ofMillis(1), Set.of(), null);

	@Test
	void aHandlerWithANameGetsTheMessagesOfThisAgentOnly() {
		run((context) -> {
			assertThat(reply(context, "support", "hello")).isEqualTo("support: hello");
			assertThat(reply(context, "sales", "hello")).isEqualTo("all: hello");
		}, ForAll.class, ForSupport.class);
	}

	@Test
	void anAgentWithoutANameGetsWhatIsForAll() {
		run((context) -> assertThat(reply(context.getBean(HandlerMethodRegistry.class), "hello"))
			.isEqualTo("all: hello"), ForAll.class, ForSupport.class);
	}

	@Test
	void theNamesOfTheClassAreThoseOfItsMethods() {
		run((context) -> {
			assertThat(reply(context, "support", "/who")).isEqualTo("support");
			assertThat(reply(context, "sales", "/who")).isEqualTo("sales");
			assertThat(reply(context, "sales", "/price")).isEqualTo("only sales");
			assertThat(reply(context, "support", "/price")).isEqualTo("support: /price");
		}, Named.class, ForSupport.class);
	}

	@Test
	void theClientIsThatOfTheAgentThatGotTheMessage() {
		run((context) -> {
			assertThat(reply(context, "support", "/client")).isEqualTo("client of support");
			assertThat(reply(context, "sales", "/client")).isEqualTo("client of sales");
		}, Named.class);
	}

	@Test
	void oneMoreSpecificInAnotherWayComesFirst() {
		run((context) -> assertThat(reply(context, "support", "/status")).isEqualTo("status of all"), ForAll.class,
				ForSupport.class);
	}

	@Test
	void anExceptionHandlerKnowsTheAgent() {
		run((context) -> assertThat(reply(context, "sales", "/fail")).isEqualTo("sales failed"), Named.class);
	}

	@Test
	void settingsOfRetriesAreThoseOfTheHandlerOfTheAgent() {
		run((context) -> {
			AgentMessage message = TestMessages.text("hello");
			assertThat(agent(context, "support").retryFor(message, DEFAULTS).attempts()).isEqualTo(7);
			assertThat(agent(context, "sales").retryFor(message, DEFAULTS).attempts()).isEqualTo(3);
		}, ForAll.class, ForSupport.class);
	}

	@Test
	void helpListsWhatPeopleCanWriteToTheAgent() {
		run((context) -> {
			assertThat(reply(context, "sales", "/help")).contains("/price: Says the price");
			assertThat(reply(context, "support", "/help")).doesNotContain("/price");
		}, Named.class);
	}

	@Test
	void anAgentWithoutAHandlerKeepsItsMessages() {
		run((context) -> StepVerifier.create(handle(agent(context, "sales"), "hello"))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(NoHandlerException.class)
				.hasMessageContaining("'sales'"))
			.verify(), ForSupport.class);
	}

	@Test
	void handlersAreCountedForEachAgent() {
		run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.size()).isEqualTo(3);
			assertThat(registry.size("support")).isEqualTo(3);
			assertThat(registry.size("sales")).isEqualTo(2);
		}, ForAll.class, ForSupport.class);
	}

	@Test
	void aNameThatNoAgentHasFailsAtStart() {
		application(Misspelt.class).run((context) -> assertThat(context).getFailure()
			.isInstanceOf(InvalidHandlerException.class)
			.hasMessageContaining("Misspelt.echo")
			.hasMessageContaining("'suport'")
			.hasMessageContaining("[support, sales]"));
	}

	@Test
	void twoForOneAgentFailAtStart() {
		application(ForSupport.class, AlsoForSupport.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("could both get the same message"));
	}

	private static ApplicationContextRunner application(Class<?>... beans) {
		ApplicationContextRunner runner = new ApplicationContextRunner().withBean(HandlerMethodRegistry.class)
			.withBean(Questions.class)
			.withBean(HelpHandler.class, HelpHandler::new,
					(definition) -> definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE));
		for (String agent : new String[] { "support", "sales" }) {
			runner = runner.withBean(agent, AgentGatewayClient.class,
					() -> mock(AgentGatewayClient.class, "client of " + agent));
		}
		for (Class<?> bean : beans) {
			runner = runner.withBean(bean);
		}
		return runner;
	}

	private static void run(ContextConsumer<AssertableApplicationContext> test, Class<?>... beans) {
		application(beans).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static AgentMessageHandler agent(AssertableApplicationContext context, String name) {
		return context.getBean(HandlerMethodRegistry.class).forAgent(name);
	}

	private static String reply(AssertableApplicationContext context, String agent, String text) {
		return reply(agent(context, agent), text);
	}

	private static String reply(AgentMessageHandler handler, String text) {
		return ((Reply) Objects.requireNonNull(handle(handler, text).blockFirst())).text();
	}

	private static Flux<Content> handle(AgentMessageHandler handler, String text) {
		return Flux.from(handler.handle(TestMessages.text(text), TestConversation.INSTANCE)).cast(Content.class);
	}

	static class ForAll {

		@PacerelleHandler
		String echo(String text) {
			return "all: " + text;
		}

		@PacerelleHandler("/status")
		String status() {
			return "status of all";
		}

	}

	static class ForSupport {

		@PacerelleHandler(agent = "support", attempts = 7)
		String echo(String text) {
			return "support: " + text;
		}

	}

	static class AlsoForSupport {

		@PacerelleHandler(agent = "support")
		String again(String text) {
			return text;
		}

	}

	static class Misspelt {

		@PacerelleHandler(agent = "suport")
		String echo(String text) {
			return text;
		}

	}

	@PacerelleHandler(agent = { "support", "sales" })
	static class Named {

		@PacerelleHandler("/who")
		String who(HandlerInvocation invocation) {
			return invocation.agent();
		}

		@PacerelleHandler("/client")
		String client(AgentGatewayClient client) {
			return client.toString();
		}

		@PacerelleHandler(command = "/price", agent = "sales", description = "Says the price")
		String price() {
			return "only sales";
		}

		@PacerelleHandler("/fail")
		String fail() {
			throw new IllegalStateException("always");
		}

		@PacerelleExceptionHandler
		String failed(IllegalStateException failure, HandlerInvocation invocation) {
			return invocation.agent() + " failed";
		}

	}

}
