package com.pacerelle.spring.handler;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import com.pacerelle.client.message.AgentMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

/**
 * What a native image is told of the handlers of an application.
 */
class AheadOfTimeTests {

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void process() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerBeanDefinition("handlers", new RootBeanDefinition(Handlers.class));
		BeanRegistrationAotContribution contribution = processor()
			.processAheadOfTime(RegisteredBean.of(beans, "handlers"));
		assertThat(contribution).isNotNull();
		contribution.applyTo(new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(AheadOfTimeTests.class)),
				new InMemoryGeneratedFiles(), this.hints), mock(BeanRegistrationCode.class));
	}

	/** As Spring finds it. */
	private static BeanRegistrationAotProcessor processor() {
		return AotServices.factories()
			.load(BeanRegistrationAotProcessor.class)
			.stream()
			.filter(HandlerBeanRegistrationAotProcessor.class::isInstance)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void handlersCanBeCalled() {
		assertThat(reflection().onMethodInvocation(Handlers.class, "order")).accepts(this.hints);
		assertThat(reflection().onMethodInvocation(Handlers.class, "failed")).accepts(this.hints);
	}

	@Test
	void formsCanBeRead() throws NoSuchMethodException {
		assertThat(reflection().onConstructorInvocation(
				Order.class.getDeclaredConstructor(String.class, Size.class, LocalDate.class, Address.class)))
			.accepts(this.hints);
		assertThat(reflection().onMethodInvocation(Order.class, "size")).accepts(this.hints);
		assertThat(reflection().onType(Address.class)).accepts(this.hints);
	}

	@Test
	void enumsOfFormsOfChoicesAndOfArgumentsAreKnown() {
		assertThat(reflection().onType(Size.class)).accepts(this.hints);
		assertThat(reflection().onType(Colour.class)).accepts(this.hints);
		assertThat(reflection().onType(Urgency.class)).accepts(this.hints);
	}

	@Test
	void dataOfQuestionsCanBeRead() throws NoSuchMethodException {
		assertThat(reflection().onConstructorInvocation(Ticket.class.getDeclaredConstructor(int.class)))
			.accepts(this.hints);
	}

	@Test
	void whatTheFrameworkGivesNeedsNothing() {
		assertThat(this.hints.reflection().getTypeHint(TypeReference.of(AgentMessage.class))).isNull();
	}

	static class Handlers {

		@PacerelleHandler(widget = "order")
		void order(Order order, @WidgetData Ticket ticket, AgentMessage message) {
		}

		@PacerelleHandler(widget = "colours")
		void colours(List<Colour> colours) {
		}

		@PacerelleHandler(command = "/urgent")
		void urgent(@Argument Optional<Urgency> urgency) {
		}

		@PacerelleExceptionHandler
		void failed(IllegalStateException failure) {
		}

	}

	record Order(String name, Size size, LocalDate due, Address address) {
	}

	record Address(String street) {
	}

	record Ticket(int number) {
	}

	enum Size {

		SMALL, LARGE

	}

	enum Colour {

		RED, GREEN

	}

	enum Urgency {

		HIGH, LOW

	}

}
