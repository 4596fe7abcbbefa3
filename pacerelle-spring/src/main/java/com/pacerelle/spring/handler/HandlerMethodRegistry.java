package com.pacerelle.spring.handler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.log.LogMessage;

/**
 * Finds the {@link PacerelleHandler @PacerelleHandler} and
 * {@link PacerelleExceptionHandler @PacerelleExceptionHandler} methods of the application
 * when its singletons are ready, and passes each message to the most specific handler. In
 * an application with several agents, each is given what {@link #forAgent} returns.
 */
public final class HandlerMethodRegistry implements AgentMessageHandler, HandlerCatalog, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(HandlerMethodRegistry.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<AgentGatewayClient> client;

	private volatile List<MappedHandler> handlers = List.of();

	private volatile List<HandlerContextCustomizer> customizers = List.of();

	private volatile ExceptionHandlers exceptionHandlers = new ExceptionHandlers();

	private volatile ExceptionHandlers lastExceptionHandlers = new ExceptionHandlers();

	/**
	 * Creates the registry.
	 * @param beanFactory the beans that may have handler methods
	 * @param client the client that handler methods may ask for, not used before the
	 * first message
	 */
	public HandlerMethodRegistry(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<AgentGatewayClient> client) {
		this.beanFactory = beanFactory;
		this.client = client;
	}

	/**
	 * Detects handler methods, without creating lazy beans.
	 * @throws InvalidHandlerException if some cannot be called, or if two are ambiguous
	 */
	@Override
	public void afterSingletonsInstantiated() {
		List<String> problems = new ArrayList<>();
		HandlerScan scan = new HandlerScan(this.beanFactory);
		HandlerMethodFactory factory = new HandlerMethodFactory(this.beanFactory, this::catalog, this::client);
		List<MappedHandler> found = new ArrayList<>();
		scan.forEach(PacerelleHandler.class, (method) -> collect(problems, "@PacerelleHandler", method,
				() -> found.addAll(factory.handlers(method))));
		problems.addAll(unknownAgents(found));
		found.removeIf((mapped) -> !isOfApplication(mapped) && givesWay(mapped, found));
		found.sort(MappedHandler.MOST_SPECIFIC_FIRST);
		problems.addAll(ambiguities(found));
		Set<String> handlingBeans = found.stream()
			.map((mapped) -> mapped.handler().beanName())
			.collect(Collectors.toSet());
		ExceptionHandlers exceptions = new ExceptionHandlers();
		ExceptionHandlers lastExceptions = new ExceptionHandlers();
		scan.forEach(PacerelleExceptionHandler.class,
				(method) -> collect(problems, "@PacerelleExceptionHandler", method,
						() -> (isAfterLastAttempt(method) ? lastExceptions : exceptions)
							.add(factory.exceptionHandler(method), handlingBeans.contains(method.beanName()))));
		if (!problems.isEmpty()) {
			throw new InvalidHandlerException(problems);
		}
		if (found.stream().noneMatch(this::isOfApplication)) {
			logger.warn("No bean has a method with @PacerelleHandler: messages are kept, but not answered. "
					+ "Annotate a method such as 'String echo(AgentMessage message)'.");
		}
		this.customizers = this.beanFactory.getBeanProvider(HandlerContextCustomizer.class).orderedStream().toList();
		this.exceptionHandlers = exceptions;
		this.lastExceptionHandlers = lastExceptions;
		this.handlers = List.copyOf(found);
	}

	/**
	 * The framework's own handlers only handle answers to their own questions: they do
	 * not make an application an agent.
	 */
	private boolean isOfApplication(MappedHandler mapped) {
		String beanName = mapped.handler().beanName();
		return !this.beanFactory.containsBeanDefinition(beanName)
				|| this.beanFactory.getBeanDefinition(beanName).getRole() != BeanDefinition.ROLE_INFRASTRUCTURE;
	}

	/**
	 * A command of the framework gives way to one of the application, and is not there
	 * when the application describes nothing that a person can write.
	 */
	private boolean givesWay(MappedHandler mapped, List<MappedHandler> all) {
		List<MappedHandler> others = all.stream().filter(this::isOfApplication).toList();
		return mapped.route().subject() instanceof CommandSubject command && (others.stream()
			.map(MappedHandler::route)
			.anyMatch((other) -> other.agent().isEmpty() && command.overlaps(other.subject()))
				|| others.stream().map(MappedHandler::describe).noneMatch(HelpHandler::lists));
	}

	private static boolean isAfterLastAttempt(HandlerMethod method) {
		PacerelleExceptionHandler annotation = method.getMethodAnnotation(PacerelleExceptionHandler.class);
		return annotation != null && annotation.afterLastAttempt();
	}

	private static void collect(List<String> problems, String annotation, HandlerMethod method, Runnable step) {
		try {
			step.run();
		}
		catch (IllegalArgumentException ex) {
			problems.add("The " + annotation + " method " + method + " " + ex.getMessage() + ".");
		}
	}

	private List<String> unknownAgents(List<MappedHandler> found) {
		List<String> known = List.of(this.beanFactory.getBeanNamesForType(AgentGatewayClient.class, true, false));
		return found.stream()
			.filter((mapped) -> !mapped.route().agent().isEmpty() && !known.contains(mapped.route().agent()))
			.map((mapped) -> "The @PacerelleHandler method " + mapped.handler() + " is for the agent '"
					+ mapped.route().agent() + "', but the agents are " + known + ".")
			.distinct()
			.toList();
	}

	private static List<String> ambiguities(List<MappedHandler> sorted) {
		List<String> problems = new ArrayList<>();
		for (int i = 0; i < sorted.size(); i++) {
			for (int j = i + 1; j < sorted.size(); j++) {
				MappedHandler one = sorted.get(i);
				MappedHandler other = sorted.get(j);
				if (one.route().isAmbiguousWith(other.route())) {
					problems.add("The @PacerelleHandler methods " + one.handler() + " (" + one.route() + ") and "
							+ other.handler() + " (" + other.route()
							+ ") could both get the same message. Make one of them more specific.");
				}
			}
		}
		return problems;
	}

	/**
	 * How many handler methods the application has.
	 * @return the number, 0 before the singletons are ready
	 */
	public int size() {
		return size((mapped) -> true);
	}

	/**
	 * How many handler methods get messages of an agent.
	 * @param agent the name of the agent
	 * @return the number, 0 before the singletons are ready
	 */
	public int size(String agent) {
		return size((mapped) -> mapped.route().isFor(agent));
	}

	private int size(Predicate<MappedHandler> included) {
		return (int) this.handlers.stream()
			.filter(this::isOfApplication)
			.filter(included)
			.map(MappedHandler::handler)
			.distinct()
			.count();
	}

	/**
	 * The handler for one of several agents: methods that are for others do not get its
	 * messages.
	 * @param agent the name of the agent, which its bean of type
	 * {@link AgentGatewayClient} has as well
	 * @return the handler
	 */
	public AgentMessageHandler forAgent(String agent) {
		return new NamedAgentHandler(agent, this);
	}

	private AgentGatewayClient client(String agent) {
		return agent.isEmpty() ? this.client.getObject() : this.beanFactory.getBean(agent, AgentGatewayClient.class);
	}

	private HandlerCatalog catalog(String agent) {
		return agent.isEmpty() ? this
				: new Catalog(this.handlers.stream().filter((mapped) -> mapped.route().isFor(agent)).toList());
	}

	@Override
	public List<HandlerDescription> handlers() {
		return new Catalog(this.handlers).handlers();
	}

	@Override
	public List<HandlerDescription> commands() {
		return new Catalog(this.handlers).commands();
	}

	@Override
	public Flux<Content> handle(AgentMessage message, Conversation conversation) {
		return handle(message, conversation, "");
	}

	Flux<Content> handle(AgentMessage message, Conversation conversation, String agent) {
		for (MappedHandler mapped : this.handlers) {
			Map<String, String> arguments = mapped.match(message, agent);
			if (arguments != null) {
				logger.debug(LogMessage.format("Message %s is handled by %s (%s)", PrintableId.of(message.id()),
						mapped.handler(), mapped.route()));
				return invoke(mapped.handler(), new HandlerInvocation(message, conversation, arguments, agent));
			}
		}
		if (size(agent) == 0) {
			return Flux.error(new NoHandlerException("No bean has a method with @PacerelleHandler"
					+ (agent.isEmpty() ? "" : " for agent '" + agent + "'")));
		}
		logger.debug(LogMessage.format("No handler matches message %s", PrintableId.of(message.id())));
		return unhandled(message);
	}

	/**
	 * Nobody waits for a reply to a click, and in a group people talk to each other.
	 */
	private Flux<Content> unhandled(AgentMessage message) {
		boolean expectsReply = MessageKind.TEXT.includes(message) || MessageKind.ATTACHMENT.includes(message);
		String text = (expectsReply && !message.group()) ? words().of("pacerelle.message.unhandled", "", "") : "";
		return text.isEmpty() ? Flux.empty() : Flux.just(new Reply(text));
	}

	@Override
	public RetrySettings retryFor(AgentMessage message, RetrySettings defaults) {
		return retryFor(message, defaults, "");
	}

	RetrySettings retryFor(AgentMessage message, RetrySettings defaults, String agent) {
		MessageRecoverer recoverer = this.beanFactory.getBeanProvider(MessageRecoverer.class).getIfUnique();
		RetrySettings ofApplication = (recoverer != null)
				? new RetrySettings(defaults.attempts(), defaults.backoff(), defaults.noRetryFor(), recoverer)
				: defaults;
		return this.handlers.stream()
			.filter((mapped) -> mapped.match(message, agent) != null)
			.findFirst()
			.map((mapped) -> afterLastAttempt(mapped, agent, mapped.retry().settings(ofApplication, this.beanFactory)))
			.orElse(ofApplication);
	}

	private RetrySettings afterLastAttempt(MappedHandler mapped, String agent, RetrySettings settings) {
		ExceptionHandlers last = this.lastExceptionHandlers;
		return last.isEmpty() ? settings : new RetrySettings(settings.attempts(), settings.backoff(),
				settings.noRetryFor(), new LastAttempt(mapped, last, agent, settings.recoverer(), this));
	}

	@Override
	public String sentenceFor(HandlingFailed failed) {
		Throwable failure = failed.failure();
		String code = (failure instanceof AttachmentRefusedException) ? "pacerelle.failure.attachment"
				: (failure instanceof PermissionNotGrantedException) ? "pacerelle.failure.permission"
						: (failure instanceof NoHandlerException) ? "pacerelle.failure.no-handler"
								: "pacerelle.failure.other";
		String otherwise = (failure instanceof PermissionNotGrantedException) ? "This was not permitted"
				: AgentMessageHandler.super.sentenceFor(failed);
		return words().of(code, "", otherwise);
	}

	private Words words() {
		return Words.of(this.beanFactory);
	}

	@Override
	public String sentenceFor(AnswerRefused refused) {
		String code = "pacerelle.answer." + refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
		return words().of(code, "", AgentMessageHandler.super.sentenceFor(refused));
	}

	@Override
	public String sentenceFor(KnownDevice waiting) {
		String deviceId = (waiting.deviceId() != null) ? PrintableId.of(waiting.deviceId()) : "";
		return words().of("pacerelle.device.approve", deviceId, AgentMessageHandler.super.sentenceFor(waiting));
	}

	private Flux<Content> invoke(InvocableHandlerMethod handler, HandlerInvocation invocation) {
		return invocation
			.subscribing(() -> handler.invoke(invocation, null)
				.onErrorResume((failure) -> this.exceptionHandlers.handle(failure, invocation, handler.beanName())))
			.contextWrite((context) -> customize(context, invocation.message()));
	}

	private Context customize(Context context, AgentMessage message) {
		Context customized = context;
		for (HandlerContextCustomizer customizer : this.customizers) {
			customized = customizer.customize(customized, message);
		}
		return customized;
	}

	/**
	 * What people can write.
	 *
	 * @param mapped the handlers
	 */
	private record Catalog(List<MappedHandler> mapped) implements HandlerCatalog {

		@Override
		public List<HandlerDescription> handlers() {
			return this.mapped.stream().map(MappedHandler::describe).toList();
		}

		@Override
		public List<HandlerDescription> commands() {
			return this.mapped.stream()
				.filter((handler) -> handler.route().subject() instanceof CommandSubject)
				.map(MappedHandler::describe)
				.sorted(Comparator.comparing(HandlerDescription::usage))
				.toList();
		}

	}

}
