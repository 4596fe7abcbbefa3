package com.pacerelle.spring.handler;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.core.convert.converter.Converter;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.cancelled;
import static com.pacerelle.spring.handler.TestMessages.file;
import static com.pacerelle.spring.handler.TestMessages.inGroup;
import static com.pacerelle.spring.handler.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What somebody expects who writes a first agent.
 */
class HandlerSurprisesTests {

	@Test
	void theCommandIsTheValueOfTheAnnotation() {
		HandlerContext.with(Values.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(text("/deploy 1.2"))).isEqualTo("deploying 1.2");
			assertThat(agent.reply(text("/ship 1.2"))).isEqualTo("deploying 1.2");
		});
	}

	@Test
	void aValueAndAnotherCommandAreRefused() {
		assertThat(HandlerContext.problem(ValueAndCommand.class)).contains(".both()")
			.contains("has a 'value' and another 'command'");
	}

	@Test
	void helpListsWhatIsDescribed() {
		withHelp(Described.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/help"))).isEqualTo("""
					/deploy <version>: Deploys a version
					/help: Lists what you can write
					move <service>: Moves a service"""));
	}

	@Test
	void helpGivesWayToTheApplication() {
		withHelp(Described.class, OwnHelp.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/help"))).isEqualTo("own help"));
	}

	@Test
	void helpIsNotThereWhenNothingIsDescribed() {
		withHelp(Echo.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/help"))).isEqualTo("echo /help"));
	}

	@Test
	void helpAloneDoesNotMakeAnApplicationAnAgent() {
		withHelp().run((context) -> assertThat(context.getBean(HandlerMethodRegistry.class).size()).isZero());
	}

	private static ApplicationContextRunner withHelp(Class<?>... beans) {
		return HandlerContext.with(beans)
			.withBean(HelpHandler.class, HelpHandler::new,
					(definition) -> definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE));
	}

	@Test
	void whatNoHandlerTakesIsAnsweredWhenTheApplicationHasASentenceForIt() {
		HandlerContext.with(Values.class).withBean("messageSource", StaticMessageSource.class, () -> {
			StaticMessageSource messages = new StaticMessageSource();
			messages.addMessage("pacerelle.message.unhandled", Locale.getDefault(), "Try /help");
			return messages;
		}).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(text("hello"))).isEqualTo("Try /help");
			assertThat(agent.reply(file(""))).isEqualTo("Try /help");
			assertThat(agent.handle(inGroup("hello"))).isEmpty();
			assertThat(agent.handle(answer("w", true))).isEmpty();
		});
	}

	@Test
	void whatNoHandlerTakesIsSeenInTheLog() {
		try (DebugLog log = new DebugLog(HandlerMethodRegistry.class)) {
			HandlerContext.with(Values.class)
				.run((context) -> assertThat(HandlerContext.of(context).handle(text("hello"))).isEmpty());
			assertThat(log.text()).contains("No handler matches message m1").doesNotContain("hello");
		}
	}

	@Test
	void theChosenHandlerIsSeenInTheLog() {
		try (DebugLog log = new DebugLog(HandlerMethodRegistry.class)) {
			HandlerContext.with(Values.class)
				.run((context) -> HandlerContext.of(context).handle(text("/deploy quietly")));
			assertThat(log.text()).contains("Message m1 is handled by '" + Values.class.getName() + ".deploy(String)'")
				.contains("(command /deploy)")
				.doesNotContain("quietly");
		}
	}

	@Test
	void aBlankTextIsNotSent() {
		HandlerContext.with(Blank.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.handle(text("/blank"))).isEmpty();
			assertThat(agent.reply(text("/some"))).isEqualTo("one|two");
		});
	}

	@Test
	void allInvalidArgumentsOfACommandAreToldAtOnce() {
		HandlerContext.with(Arguments.class)
			.withBean("validator", Validator.class, () -> Validation.buildDefaultValidatorFactory().getValidator())
			.run((context) -> {
				HandlerContext agent = HandlerContext.of(context);
				assertThat(agent.reply(text("/scale 2 3 eu"))).isEqualTo("2 3 eu");
				assertThat(agent.reply(text("/scale many 99"))).isEqualTo("""
						replicas is not valid
						nodes must be less than or equal to 10
						region is missing""");
			});
	}

	@Test
	void aFormThatCannotBeAskedIsRefusedAtTheStart() {
		assertThat(HandlerContext.problem(UnsupportedForm.class).lines()).hasSize(2)
			.anyMatch((line) -> line.contains(".ask(Questions)")
					&& line.contains("no field for component 'file', 'thread' of " + Upload.class.getName()))
			.anyMatch((line) -> line.contains(".asked(Upload)") && line.contains("with the component 'file'"));
	}

	@Test
	void convertersOfTheApplicationAreUsed() {
		HandlerContext.with(Conversions.class).withUserConfiguration(Converters.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(text("/version 1.2"))).isEqualTo("Version[number=1.2]");
			assertThat(agent.reply(text("/name ada"))).isEqualTo("Name[name=ada]");
			assertThat(agent.reply(text("/number 5"))).isEqualTo("5");
			assertThat(agent.reply(text("/number five"))).isEqualTo("number is not valid");
		});
	}

	@Test
	void anyNumberOfMessageSourcesIsAsked() {
		StaticMessageSource one = new StaticMessageSource();
		StaticMessageSource other = new StaticMessageSource();
		other.addMessage("pacerelle.argument.missing", Locale.getDefault(), "{0} fehlt");
		HandlerContext.with(Values.class)
			.withBean("one", StaticMessageSource.class, () -> one)
			.withBean("other", StaticMessageSource.class, () -> other)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("/deploy"))).isEqualTo("version fehlt"));
	}

	@Test
	void methodsBesideAnOwnMessageHandlerAreRefused() {
		new ApplicationContextRunner().withBean(UnusedHandlers.class)
			.withBean(Values.class)
			.withBean("own", AgentMessageHandler.class, () -> (message, conversation) -> Flux.empty())
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining(".deploy(String)'")
				.hasMessageContaining("the bean own of type AgentMessageHandler gets all of them"));
		new ApplicationContextRunner().withBean(UnusedHandlers.class)
			.withBean(HelpHandler.class, HelpHandler::new,
					(definition) -> definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theContextReachesTheHandler() {
		UserAccessor accessor = new UserAccessor();
		ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
		try {
			HandlerContext.with(Users.class)
				.withBean(HandlerContextCustomizer.class,
						() -> (context, message) -> context.put(UserAccessor.KEY, "user " + message.from()))
				.run((context) -> {
					HandlerContext agent = HandlerContext.of(context);
					assertThat(agent.reply(text("/blocking"))).isEqualTo("user u1");
					assertThat(agent.reply(text("/reactive"))).isEqualTo("user u1");
					assertThat(agent.reply(text("/failing"))).isEqualTo("failed for user u1");
					assertThat(accessor.getValue()).isNull();
				});
		}
		finally {
			ContextRegistry.getInstance().removeThreadLocalAccessor(UserAccessor.KEY);
		}
	}

	@Test
	void theContextOfWhoSubscribesReachesTheHandler() {
		UserAccessor accessor = new UserAccessor();
		ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
		try {
			HandlerContext.with(Users.class)
				.run((context) -> StepVerifier
					.create(context.getBean(HandlerMethodRegistry.class)
						.handle(text("/blocking"), TestConversation.INSTANCE)
						.contextWrite(Context.of(UserAccessor.KEY, "observed")))
					.expectNext(new Reply("observed"))
					.verifyComplete());
		}
		finally {
			ContextRegistry.getInstance().removeThreadLocalAccessor(UserAccessor.KEY);
		}
	}

	@Test
	void theCancellationOfAProgressIsACancelledAnswer() {
		HandlerContext.with(Building.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(answer("build", Map.of("cancelled", true)))).isEqualTo("stopped");
			assertThat(agent.reply(cancelled("build"))).isEqualTo("stopped");
			assertThat(agent.handle(answer("build", Map.of("cancelled", false)))).isEmpty();
		});
	}

	static class Building {

		@PacerelleHandler(widget = "build", cancelled = true)
		String stop() {
			return "stopped";
		}

	}

	static class Users {

		@PacerelleHandler("/blocking")
		@Nullable String blocking() {
			return new UserAccessor().getValue();
		}

		@PacerelleHandler("/reactive")
		Mono<String> reactive() {
			return Mono.deferContextual((context) -> Mono.just(context.<String>get(UserAccessor.KEY)));
		}

		@PacerelleHandler("/failing")
		Mono<String> failing() {
			return Mono.error(new IllegalStateException());
		}

		@PacerelleExceptionHandler
		String failed(IllegalStateException failure) {
			return "failed for " + new UserAccessor().getValue();
		}

	}

	static class UserAccessor implements ThreadLocalAccessor<String> {

		static final String KEY = "user";

		private static final ThreadLocal<@Nullable String> user = new ThreadLocal<>();

		@Override
		public Object key() {
			return KEY;
		}

		@Override
		public @Nullable String getValue() {
			return user.get();
		}

		@Override
		public void setValue(String value) {
			user.set(value);
		}

		@Override
		public void setValue() {
			user.remove();
		}

	}

	record Upload(String name, Path file, @Nullable Thread thread) {
	}

	record Version(String number) {
	}

	record Name(String name) {
	}

	static class Arguments {

		@PacerelleHandler("/scale")
		String scale(@Argument int replicas, @Argument @Max(10) int nodes, @Argument String region) {
			return replicas + " " + nodes + " " + region;
		}

	}

	static class UnsupportedForm {

		@PacerelleHandler("/ask")
		Mono<Question<Upload>> ask(Questions questions) {
			return Mono.empty();
		}

		@PacerelleHandler(widget = "upload")
		void asked(Upload upload) {
		}

	}

	static class Conversions {

		@PacerelleHandler("/version")
		String version(@Argument Version version) {
			return version.toString();
		}

		@PacerelleHandler("/name")
		String name(@Argument Name name) {
			return name.toString();
		}

		@PacerelleHandler("/number")
		String number(@Argument int number) {
			return String.valueOf(number);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Converters {

		@Bean
		Converter<String, Version> lambda() {
			return (text) -> new Version(text);
		}

		@Bean
		NameConverter named() {
			return new NameConverter();
		}

	}

	static class NameConverter implements Converter<String, Name> {

		@Override
		public Name convert(String text) {
			return new Name(text);
		}

	}

	static class Values {

		@PacerelleHandler({ "/deploy", "/ship" })
		String deploy(@Argument String version) {
			return "deploying " + version;
		}

	}

	static class ValueAndCommand {

		@PacerelleHandler(value = "/one", command = "/other")
		void both() {
		}

	}

	static class Described {

		@PacerelleHandler(value = "/deploy", description = "Deploys a version")
		void deploy(@Argument String version) {
		}

		@PacerelleHandler(text = "move {service}", description = "Moves a service")
		void move(@Argument String service) {
		}

		@PacerelleHandler("/secret")
		void notDescribed() {
		}

	}

	static class OwnHelp {

		@PacerelleHandler("/Help")
		String help() {
			return "own help";
		}

	}

	static class Echo {

		@PacerelleHandler
		String echo(AgentMessage message) {
			return "echo " + message.text();
		}

		@PacerelleHandler("/secret")
		void notDescribed() {
		}

	}

	static class Blank {

		@PacerelleHandler("/blank")
		String blank() {
			return " ";
		}

		@PacerelleHandler("/some")
		Stream<Object> some() {
			return Stream.of("one", "", "two");
		}

	}

}
