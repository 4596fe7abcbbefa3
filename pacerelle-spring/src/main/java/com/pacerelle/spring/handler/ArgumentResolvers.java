package com.pacerelle.spring.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;

/**
 * The resolvers of the application, then the built-in ones.
 */
final class ArgumentResolvers {

	private static final String COMMON = "AgentMessage, Conversation, AgentGatewayClient, HandlerInvocation, "
			+ "HandlerCatalog, Questions";

	private final List<HandlerArgumentResolver> custom;

	private final List<HandlerArgumentResolver> common;

	private final TextPartResolver textPart;

	private final AnswerArgumentResolver answer;

	ArgumentResolvers(List<HandlerArgumentResolver> custom, Function<String, HandlerCatalog> catalogs,
			Function<String, AgentGatewayClient> clients, ObjectProvider<Questions> questions,
			ConversionService conversionService, AnswerConverter answers, Words words) {
		this.custom = List.copyOf(custom);
		this.common = List.of(new TypedArgumentResolver(AgentMessage.class, HandlerInvocation::message),
				new TypedArgumentResolver(Conversation.class, HandlerInvocation::conversation),
				new TypedArgumentResolver(HandlerInvocation.class, (invocation) -> invocation),
				new TypedArgumentResolver(AgentGatewayClient.class, (invocation) -> clients.apply(invocation.agent())),
				new TypedArgumentResolver(Questions.class, (invocation) -> questions.getObject()),
				new TypedArgumentResolver(HandlerCatalog.class, (invocation) -> catalogs.apply(invocation.agent())));
		this.textPart = new TextPartResolver(conversionService, words);
		this.answer = new AnswerArgumentResolver(answers);
	}

	/**
	 * Binds the parameters of a handler.
	 * @param method the method
	 * @param kind what it handles
	 * @return the bound parameters
	 * @throws IllegalArgumentException if no resolver supports one
	 */
	Parameters forHandler(HandlerMethod method, MessageKind kind) {
		boolean answers = kind == MessageKind.ANSWER;
		List<HandlerArgumentResolver> builtIn = new ArrayList<>(this.common);
		builtIn.add(this.textPart);
		builtIn.add(new TypedArgumentResolver(ResolvableType.forClassWithGenerics(List.class, AgentAttachment.class),
				true, (invocation) -> invocation.message().attachments()));
		builtIn.add(new TypedArgumentResolver(ResolvableType.forClass(WidgetResponse.class), answers,
				(invocation) -> invocation.message().widgetResponse()));
		if (answers) {
			builtIn.add(new WidgetDataResolver());
			builtIn.add(new TallyArgumentResolver(this.answer.converter()));
			builtIn.add(this.answer);
		}
		else {
			builtIn.add(new TypedArgumentResolver(String.class, (invocation) -> invocation.message().text()));
			builtIn.add(new FileArgumentResolver(kind == MessageKind.ATTACHMENT));
		}
		return Parameters.bind(method.parameters(), this.custom, builtIn,
				COMMON + ", AgentAttachment, List<AgentAttachment>, WidgetResponse" + (answers
						? ", @Argument with a variable of the widget, @WidgetData, Tally<Boolean>, Tally<String> or that of an enum, and the typed answer: boolean, String, an enum, List or Set of one of these, "
								+ "LocalDate, LocalTime, LocalDateTime, PermissionDecision, a record and Map<String, Object>"
						: ", String (the text) and @Argument with a type that text converts to; a typed answer "
								+ "needs 'widget' or 'kind = ANSWER', and what is not in each message has to be "
								+ "Optional or @Nullable"));
	}

	/**
	 * Binds the parameters of an exception handler.
	 * @param method the method
	 * @return the bound parameters
	 * @throws IllegalArgumentException if no resolver supports one
	 */
	Parameters forExceptionHandler(HandlerMethod method) {
		return Parameters.bind(method.parameters(), this.custom, this.common, COMMON + " and the exception");
	}

}
