package com.pacerelle.spring.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * An application context with handlers, and what they do with messages.
 */
final class HandlerContext implements AutoCloseable {

	private final ApplicationContext context;

	private HandlerContext(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * A context with beans of these classes, and with the conversions of an application.
	 * @param beans the classes
	 * @return a runner, to add more to
	 */
	static ApplicationContextRunner with(Class<?>... beans) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withInitializer((context) -> context.getBeanFactory()
				.setConversionService(ApplicationConversionService.getSharedInstance()))
			.withBean(HandlerMethodRegistry.class)
			.withBean(Questions.class)
			.withBean(AgentGatewayClient.class, () -> mock(AgentGatewayClient.class, "the client"));
		for (Class<?> bean : beans) {
			runner = runner.withBean(bean);
		}
		return runner;
	}

	/**
	 * A started application with beans of these classes, for a table of messages.
	 * @param beans the classes
	 * @return the application
	 */
	static HandlerContext started(Class<?>... beans) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
		context.register(HandlerMethodRegistry.class, Questions.class);
		context.register(beans);
		context.refresh();
		return new HandlerContext(context);
	}

	static HandlerContext of(ApplicationContext context) {
		return new HandlerContext(context);
	}

	/**
	 * What the agent sends for a message.
	 * @param message the message
	 * @return the contents
	 */
	List<Content> handle(AgentMessage message) {
		List<Content> contents = this.context.getBean(HandlerMethodRegistry.class)
			.handle(message, TestConversation.INSTANCE)
			.collectList()
			.block();
		assertThat(contents).isNotNull();
		return contents;
	}

	/**
	 * The texts that the agent replies.
	 * @param message the message
	 * @return the texts, joined by a bar
	 */
	String reply(AgentMessage message) {
		return handle(message).stream().map((content) -> ((Reply) content).text()).collect(Collectors.joining("|"));
	}

	@Override
	public void close() {
		((ConfigurableApplicationContext) this.context).close();
	}

	/**
	 * What is wrong with handlers, in one application each.
	 * @param beans the classes of the handlers
	 * @return the message of the failure, or empty if the application starts
	 */
	static String problem(Class<?>... beans) {
		List<String> problems = new ArrayList<>();
		with(beans).run((context) -> {
			Throwable failure = context.getStartupFailure();
			problems.add((failure != null) ? String.valueOf(failure.getMessage()) : "");
			assertThat(failure == null || failure instanceof InvalidHandlerException).as("%s", failure).isTrue();
		});
		return problems.get(0);
	}

}
