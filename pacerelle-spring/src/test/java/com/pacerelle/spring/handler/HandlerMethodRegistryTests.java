package com.pacerelle.spring.handler;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.spring.handler.elsewhere.Handlers;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link HandlerMethodRegistry}: which methods are found and how they are
 * called.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandlerMethodRegistryTests {

	private static final AgentMessage MESSAGE = AgentMessage.builder("u1", "c1").id("m1").text("hello").build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withBean(HandlerMethodRegistry.class)
		.withBean(AgentGatewayClient.class, () -> mock(AgentGatewayClient.class, "the client"));

	@Test
	void aMethodOfAnyVisibilityIsCalled() {
		this.contextRunner.withBean(Handlers.privateMethodOfPrivateClass())
			.run((context) -> assertThat(replies(context)).containsExactly("hello from private"));
	}

	@Test
	void allKindsOfParametersAreFilledInAnyOrder() {
		this.contextRunner.withBean(AllParameters.class)
			.run((context) -> assertThat(replies(context)).containsExactly("hello m1 the client"));
	}

	@Test
	void aMethodWithoutParametersIsCalled() {
		this.contextRunner.withBean(NoParameters.class)
			.run((context) -> assertThat(replies(context)).containsExactly("anything"));
	}

	@Test
	void aMethodOfASuperclassIsFoundOnce() {
		this.contextRunner.withBean(Inheriting.class).run((context) -> {
			assertThat(context.getBean(HandlerMethodRegistry.class).size()).isOne();
			assertThat(replies(context)).containsExactly("inherited hello");
		});
	}

	@Test
	void aMethodThatOverridesAnAnnotatedOneIsFoundOnce() {
		this.contextRunner.withBean(Overriding.class)
			.run((context) -> assertThat(replies(context)).containsExactly("overridden hello"));
	}

	@Test
	void aDefaultMethodOfAnInterfaceIsFound() {
		this.contextRunner.withBean(WithDefaultMethod.class)
			.run((context) -> assertThat(replies(context)).containsExactly("default hello"));
	}

	@Test
	void anImplementationOfAnAnnotatedGenericMethodIsFoundOnce() {
		this.contextRunner.withBean(GenericImplementation.class)
			.run((context) -> assertThat(replies(context)).containsExactly("generic hello"));
	}

	@Test
	void typeVariablesOfAnInheritedMethodAreResolved() {
		this.contextRunner.withBean(GenericInheriting.class)
			.run((context) -> assertThat(replies(context)).containsExactly("text hello"));
	}

	@Test
	void anAnnotationThatIsAnnotatedItselfCounts() {
		this.contextRunner.withBean(Composed.class)
			.run((context) -> assertThat(replies(context)).containsExactly("composed hello"));
	}

	@Test
	void aBeanIsCalledThroughItsClassProxySoThatAdviceApplies() {
		advised(true).withBean("handler", PackagePrivate.class)
			.run((context) -> assertThat(replies(context)).containsExactly("advised hello"));
	}

	@Test
	void aBeanIsCalledThroughItsInterfaceProxyIfTheInterfaceHasTheMethod() {
		advised(false).withBean("handler", OnInterface.class)
			.run((context) -> assertThat(replies(context)).containsExactly("advised hello"));
	}

	@Test
	void aLazyBeanIsCalledThroughItsInterfaceProxy() {
		advised(false)
			.withBean("handler", OnInterface.class, OnInterface::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertThat(replies(context)).containsExactly("advised hello"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void annotationsOfAnInterfaceCountForItsImplementationBehindAnyProxy(boolean proxyTargetClass) {
		advised(proxyTargetClass).withBean("handler", AnnotatedByInterface.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.size()).isOne();
			assertThat(registry.commands()).extracting(HandlerDescription::usage)
				.containsExactly("/repeat <times> [word]");
			assertThat(replies(context, "/repeat 2 ho")).containsExactly("advised 2 times ho");
			assertThat(replies(context, "/repeat 2")).containsExactly("advised 2 times null");
		});
	}

	@Test
	void anAnnotationOfTheImplementationHidesThatOfItsInterface() {
		this.contextRunner.withBean("handler", AnnotatedTwice.class).run((context) -> {
			assertThat(context.getBean(HandlerMethodRegistry.class).commands()).extracting(HandlerDescription::usage)
				.containsExactly("/again <count> [word]");
			assertThat(replies(context, "/again 2 ho")).containsExactly("again 2 ho");
		});
	}

	@Test
	void aMethodThatTheInterfaceProxyDoesNotHaveFailsAtStart() {
		advised(false).withBean("handler", NotOnInterface.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining(
						"NotOnInterface.echo(String)' of bean 'handler' cannot be called through the proxy")
				.hasMessageContaining("pull the method up to an interface"));
	}

	@Test
	void aPrivateMethodBehindAClassProxyFailsAtStart() {
		advised(true).withBean("handler", PrivateMethod.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining(
						"PrivateMethod.echo(String)' of bean 'handler' cannot be called through the proxy")
				.hasMessageContaining("visibility"));
	}

	@Test
	void aFinalMethodBehindAClassProxyFailsAtStart() {
		advised(true).withBean("handler", FinalMethod.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("FinalMethod.echo(String)' of bean 'handler' is final"));
	}

	@Test
	void aMethodThatALazyProxyTurnsOutNotToHaveFailsTheMessage() {
		advised(false)
			.withBean("handler", NotOnInterface.class, NotOnInterface::new,
					(definition) -> definition.setLazyInit(true))
			.run((context) -> {
				HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
				assertThatExceptionOfType(IllegalArgumentException.class)
					.isThrownBy(() -> registry.handle(MESSAGE, TestConversation.INSTANCE).blockLast())
					.withMessageContaining("proxy");
			});
	}

	@Test
	void aLazyBeanIsCreatedByTheFirstMessage() {
		AtomicInteger created = new AtomicInteger();
		this.contextRunner
			.withBean(Counting.class, () -> new Counting(created.incrementAndGet()),
					(definition) -> definition.setLazyInit(true))
			.run((context) -> {
				assertThat(context.getBean(HandlerMethodRegistry.class).size()).isOne();
				assertThat(created).hasValue(0);
				assertThat(replies(context)).containsExactly("instance 1");
				assertThat(replies(context)).containsExactly("instance 1");
			});
	}

	@Test
	void aLazyFactoryBeanIsCreatedByTheFirstMessage() {
		CountingFactory.created.set(0);
		this.contextRunner.withUserConfiguration(LazyFactoryConfiguration.class).run((context) -> {
			assertThat(context.getBean(HandlerMethodRegistry.class).size()).isOne();
			assertThat(CountingFactory.created).hasValue(0);
			assertThat(replies(context)).containsExactly("instance 1");
		});
	}

	@Test
	void aPrototypeIsCreatedForEachMessage() {
		AtomicInteger created = new AtomicInteger();
		this.contextRunner
			.withBean(Counting.class, () -> new Counting(created.incrementAndGet()),
					(definition) -> definition.setScope("prototype"))
			.run((context) -> {
				assertThat(created).hasValue(0);
				assertThat(replies(context)).containsExactly("instance 1");
				assertThat(replies(context)).containsExactly("instance 2");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { ScopedClassProxy.class, ScopedInterfaceProxy.class })
	void aScopedBeanIsCalledOnceThroughItsProxy(Class<?> scoped) {
		this.contextRunner
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.withUserConfiguration(scoped)
			.run((context) -> {
				assertThat(context.getBean(HandlerMethodRegistry.class).size()).isOne();
				assertThat(replies(context)).containsExactly("scoped hello");
			});
	}

	@Test
	void aMethodOfAConfigurationClassIsFound() {
		this.contextRunner.withUserConfiguration(HandlingConfiguration.class)
			.run((context) -> assertThat(replies(context)).containsExactly("configured hello"));
	}

	@Test
	void twoHandlersFailAtStartAndBothAreNamed() {
		this.contextRunner.withBean("first", NoParameters.class)
			.withBean("second", Inheriting.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("'" + NoParameters.class.getName() + ".echo()' of bean 'first'")
				.hasMessageContaining("'" + Inheriting.class.getName() + ".echo(String)' of bean 'second'"));
	}

	@Test
	void twoBeansOfOneClassAreTwoHandlers() {
		this.contextRunner.withBean("first", NoParameters.class)
			.withBean("second", NoParameters.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("'first'")
				.hasMessageContaining("'second'"));
	}

	@Test
	void withoutAHandlerAMessageIsLeftUnhandledAndALogLineSaysSo(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.size()).isZero();
			assertThatExceptionOfType(NoHandlerException.class)
				.isThrownBy(() -> registry.handle(MESSAGE, TestConversation.INSTANCE).blockLast());
			assertThat(output).contains("No bean has a method with @PacerelleHandler");
		});
	}

	@Test
	void allMethodsThatCannotBeCalledAreNamedAtOnce() {
		this.contextRunner.withBean("handler", Invalid.class)
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(InvalidHandlerException.class)
				.satisfies((failure) -> assertThat(failure.getMessage().lines()).hasSize(6)
					.allMatch((line) -> line.startsWith("The @PacerelleHandler method '" + Invalid.class.getName()))
					.anyMatch((line) -> line.contains(".isStatic(String)' of bean 'handler' is static"))
					.anyMatch((line) -> line.contains(".twoTexts(String, String)")
							&& line.contains("has two parameters of type String"))
					.anyMatch((line) -> line.contains(".unknownParameter(Integer)")
							&& line.contains("a parameter of type java.lang.Integer")
							&& line.contains("allowed are AgentMessage, Conversation, ")
							&& line.contains("String (the text)"))
					.anyMatch((line) -> line.contains(".number()") && line.contains("returns int")
							&& line.contains("allowed are String, Content "))
					.anyMatch((line) -> line.contains(".monoOfNumber()") && line.contains("Mono<java.lang.Integer>"))
					.anyMatch((line) -> line.contains(".stageOfNumbers()")
							&& line.contains("CompletionStage<java.util.List"))));
	}

	private ApplicationContextRunner advised(boolean proxyTargetClass) {
		return this.contextRunner
			.withBean("advice", MethodInterceptor.class,
					() -> (invocation) -> "echo".equals(invocation.getMethod().getName())
							? "advised " + invocation.proceed() : invocation.proceed())
			.withBean(BeanNameAutoProxyCreator.class, () -> {
				BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
				creator.setBeanNames("handler");
				creator.setInterceptorNames("advice");
				creator.setProxyTargetClass(proxyTargetClass);
				return creator;
			});
	}

	private static List<String> replies(AssertableApplicationContext context) {
		return replies(context, MESSAGE.text());
	}

	private static List<String> replies(AssertableApplicationContext context, String text) {
		AgentMessage message = AgentMessage.builder("u1", "c1").id("m1").text(text).build();
		return Flux.from(context.getBean(HandlerMethodRegistry.class).handle(message, TestConversation.INSTANCE))
			.cast(Reply.class)
			.map(Reply::text)
			.collectList()
			.block();
	}

	static class AllParameters {

		@PacerelleHandler
		String echo(String text, AgentMessage message, AgentGatewayClient client) {
			return text + " " + message.id() + " " + client;
		}

	}

	static class NoParameters {

		@PacerelleHandler
		String echo() {
			return "anything";
		}

	}

	abstract static class Base {

		@PacerelleHandler
		String echo(String text) {
			return "inherited " + text;
		}

	}

	static class Inheriting extends Base {

	}

	static class Overriding extends Base {

		@Override
		String echo(String text) {
			return "overridden " + text;
		}

	}

	interface DefaultMethod {

		@PacerelleHandler
		default String echo(String text) {
			return "default " + text;
		}

	}

	static class WithDefaultMethod implements DefaultMethod {

	}

	interface Generic<T> {

		@PacerelleHandler
		Mono<String> echo(T input);

	}

	static class GenericImplementation implements Generic<AgentMessage> {

		@Override
		@PacerelleHandler
		public Mono<String> echo(AgentMessage message) {
			return Mono.just("generic " + message.text());
		}

	}

	abstract static class GenericBase<I, O> {

		@PacerelleHandler
		CompletableFuture<O> echo(I input) {
			return CompletableFuture.completedFuture(answer(input));
		}

		abstract O answer(I input);

	}

	static class GenericInheriting extends GenericBase<String, String> {

		@Override
		String answer(String input) {
			return "text " + input;
		}

	}

	static class Composed {

		@Handlers.Greeting
		String echo(String text) {
			return "composed " + text;
		}

	}

	static class PackagePrivate {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

	}

	interface Echo {

		String echo(String text);

	}

	static class OnInterface implements Echo {

		@Override
		@PacerelleHandler
		public String echo(String text) {
			return text;
		}

	}

	interface Repeating<N, R> {

		@PacerelleHandler(command = "/repeat")
		R echo(@Argument("times") N count, @Argument("word") @Nullable String text);

	}

	static class AnnotatedByInterface implements Repeating<Integer, String> {

		@Override
		public String echo(Integer count, @Nullable String text) {
			return count + " times " + text;
		}

	}

	static class AnnotatedTwice implements Repeating<Integer, String> {

		@Override
		@PacerelleHandler(command = "/again")
		public String echo(@Argument Integer count, @Nullable String text) {
			return "again " + count + " " + text;
		}

	}

	static class NotOnInterface implements Runnable {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

		@Override
		public void run() {
		}

	}

	static class PrivateMethod {

		@PacerelleHandler
		private String echo(String text) {
			return text;
		}

	}

	static class FinalMethod {

		@PacerelleHandler
		final String echo(String text) {
			return text;
		}

	}

	static class Counting {

		private final int instance;

		Counting(int instance) {
			this.instance = instance;
		}

		@PacerelleHandler
		String echo() {
			return "instance " + this.instance;
		}

	}

	static class CountingFactory implements FactoryBean<Counting> {

		static final AtomicInteger created = new AtomicInteger();

		@Override
		public Counting getObject() {
			return new Counting(created.incrementAndGet());
		}

		@Override
		public Class<?> getObjectType() {
			return Counting.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyFactoryConfiguration {

		@Bean
		@Lazy
		CountingFactory counting() {
			return new CountingFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedClassProxy {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		PackagePrivateScoped handler() {
			return new PackagePrivateScoped();
		}

	}

	static class PackagePrivateScoped {

		@PacerelleHandler
		String echo(String text) {
			return "scoped " + text;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedInterfaceProxy {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
		ScopedEcho handler() {
			return new ScopedEcho();
		}

	}

	static class ScopedEcho implements Echo {

		@Override
		@PacerelleHandler
		public String echo(String text) {
			return "scoped " + text;
		}

	}

	@Configuration
	static class HandlingConfiguration {

		@PacerelleHandler
		private String echo(String text) {
			return "configured " + text;
		}

	}

	static class Invalid {

		@PacerelleHandler
		static String isStatic(String text) {
			return text;
		}

		@PacerelleHandler
		void twoTexts(String first, String second) {
		}

		@PacerelleHandler
		void unknownParameter(Integer number) {
		}

		@PacerelleHandler
		int number() {
			return 1;
		}

		@PacerelleHandler
		Mono<Integer> monoOfNumber() {
			return Mono.empty();
		}

		@PacerelleHandler
		CompletionStage<List<Integer>> stageOfNumbers() {
			return CompletableFuture.completedFuture(List.of());
		}

	}

}
