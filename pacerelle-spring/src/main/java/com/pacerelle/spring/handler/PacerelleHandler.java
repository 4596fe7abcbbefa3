package com.pacerelle.spring.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import com.pacerelle.client.MessageRecoverer;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Marks a method of a bean that handles messages to the agent. On a class, it makes no
 * method a handler, but gives defaults to those that are: the class's {@link #command()},
 * {@link #text()} and {@link #widget()} for methods that have none of the three, and its
 * other attributes for methods that leave them out.
 * <h2>Which handler gets a message</h2>The first row that has one; within a row, the
 * first by the rules of the row, then one for {@link #cancelled() cancelled} answers
 * only, then one for some {@link #kind() kind} only, then one for some
 * {@link #conversation() conversation} only, then one for some {@link #agent() agents}
 * only. Two methods between which this does not decide are refused when the application
 * starts.
 * <table border="1">
 * <caption>The order of handlers, the most specific one first</caption>
 * <tr>
 * <th></th>
 * <th>attribute</th>
 * <th>gets</th>
 * </tr>
 * <tr>
 * <td>1</td>
 * <td>{@code widget} without {@code *} or variables</td>
 * <td>the answers to this widget</td>
 * </tr>
 * <tr>
 * <td>2</td>
 * <td>{@code widget} with {@code *} or variables</td>
 * <td>the answers to widgets that match; more other characters first</td>
 * </tr>
 * <tr>
 * <td>3</td>
 * <td>{@code text}</td>
 * <td>texts that match as a whole; more words that are no variables first, then more
 * words</td>
 * </tr>
 * <tr>
 * <td>4</td>
 * <td>{@code command}</td>
 * <td>texts with this first word</td>
 * </tr>
 * <tr>
 * <td>5</td>
 * <td>{@code kind}, {@code cancelled}</td>
 * <td>messages of this kind</td>
 * </tr>
 * <tr>
 * <td>6</td>
 * <td>none: the default handler</td>
 * <td>everything else</td>
 * </tr>
 * </table>
 * <ul>
 * <li>An answer is no text: a default handler that takes the text, but neither the
 * {@link com.pacerelle.client.message.AgentMessage AgentMessage} nor the
 * {@link com.pacerelle.client.message.WidgetResponse WidgetResponse}, does not match
 * it.</li>
 * <li>A cancelled answer has no value: a handler only matches it if it is
 * {@link #cancelled()} or takes the answer as an {@link java.util.Optional Optional} or a
 * nullable parameter, or takes a {@code WidgetResponse}, a {@code Tally} or the
 * {@code AgentMessage}.</li>
 * <li>An answer reaches a handler only if the person was asked: in this conversation, in
 * time, once, and under an identity that was known when the widget was sent. The sentence
 * that others read is that of the application's
 * {@link org.springframework.context.MessageSource MessageSource} with the code
 * {@code pacerelle.answer.not-asked}, {@code pacerelle.answer.expired},
 * {@code pacerelle.answer.answered} or {@code pacerelle.answer.new-identity}, or an
 * English default.</li>
 * <li>A message that no handler matches is accepted. Its sender reads the text of the
 * application's {@code MessageSource} with the code {@code pacerelle.message.unhandled},
 * or nothing if there is none; answers to widgets and messages of groups never get that
 * reply. In an application without any handler, each message becomes a dead letter.</li>
 * </ul>
 * <h2>Parameters</h2>Any of these, in any order, each of them maybe as an
 * {@link java.util.Optional Optional}:
 * <ul>
 * <li>{@link com.pacerelle.client.message.AgentMessage AgentMessage},
 * {@link com.pacerelle.client.Conversation Conversation},
 * {@link com.pacerelle.client.AgentGatewayClient AgentGatewayClient},
 * {@link HandlerInvocation}, {@link HandlerCatalog}, {@link Questions}</li>
 * <li>{@link com.pacerelle.client.message.AgentAttachment AgentAttachment},
 * {@link org.springframework.core.io.Resource Resource} or {@link java.nio.file.Path
 * Path}, or a {@link java.util.List List} of one of these: the files that came with the
 * message, or that a file picker's answer names. A {@code Path} is a temporary file that
 * the method has to delete.</li>
 * <li>{@link Argument @Argument}: a part of the text, or of the widget's id</li>
 * <li>in a handler for answers, {@link WidgetData @WidgetData}: what was stored with the
 * question</li>
 * <li>{@link String}: the text, unless the handler is for answers</li>
 * <li>in a handler for answers, {@link com.pacerelle.client.message.WidgetResponse
 * WidgetResponse}, or the answer as its type: {@code boolean} of a confirm;
 * {@link String}, an enum, or a {@link java.util.List List} or {@link java.util.Set Set}
 * of one of a choice; a record or {@link java.util.Map Map} of a form;
 * {@link java.time.LocalDate}, {@link java.time.LocalTime} or
 * {@link java.time.LocalDateTime}; {@link com.pacerelle.client.message.PermissionDecision
 * PermissionDecision}</li>
 * <li>in a handler for answers, {@link com.pacerelle.client.message.Tally Tally} of
 * {@link Boolean}, {@link String} or an enum: how a group has voted so far; a cancelled
 * answer takes a vote back</li>
 * <li>what a {@link HandlerArgumentResolver} of the application supports</li>
 * </ul>
 * Constraints of Jakarta Validation on parameters, and in records, are checked by the
 * application's {@code Validator}; without one, the application does not start. Input
 * that does not fit its parameter is an {@link InvalidArgumentException} or
 * {@link com.pacerelle.client.message.InvalidAnswerException InvalidAnswerException}:
 * {@link PacerelleExceptionHandler} says what becomes of it.
 * <h2>Result</h2>What the method returns is the reply:
 * <ul>
 * <li>{@link String}, and all {@link com.pacerelle.client.message.Content Content}:
 * replies, widgets, widget updates and files</li>
 * <li>{@link com.pacerelle.client.message.Question Question}: its widget</li>
 * <li>{@link java.nio.file.Path Path} and {@link org.springframework.core.io.Resource
 * Resource}: a file of that name</li>
 * <li>what a {@link HandlerResultConverter} of the application supports</li>
 * <li>an {@link java.util.Optional Optional}, array, {@link Iterable} or
 * {@link java.util.stream.Stream Stream} of these, in their order</li>
 * <li>a {@link reactor.core.publisher.Mono Mono}, {@link reactor.core.publisher.Flux
 * Flux}, {@link java.util.concurrent.CompletionStage CompletionStage} or another reactive
 * type of these; but a stream of strings, such as a {@code Flux<String>}, has the parts
 * of one text, which the person sees growing, and gets as one message at the end</li>
 * <li>{@code void}, {@code null}, a blank text or nothing: there is no reply</li>
 * </ul>
 * In Kotlin, the method may be a suspending function or return a {@code Flow}.
 * <h2>When the message is accepted</h2>When the method returns and what it returned
 * completes: then its sender is told so, and the replies are stored in the same
 * transaction. Until then the message is delivered again, after a crash too: use its id
 * as the idempotency key. When the method fails, and there is no
 * {@link PacerelleExceptionHandler} for the failure, it is called again after a pause, up
 * to {@code pacerelle.handler.attempts} times; then a {@link MessageRecoverer} decides:
 * by default the message is kept as a dead letter, and the person is told.
 * <p>
 * The method may block, and may have any visibility. It is called through its bean, so
 * that advice such as {@code @Transactional} applies; on a bean behind a JDK proxy it has
 * to be a method of an interface. Annotations of the method and its parameters may also
 * be in an interface or superclass.
 */
@Documented
@Reflective
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface PacerelleHandler {

	/**
	 * Alias for {@link #command()}.
	 * @return words such as {@code /deploy}
	 */
	@AliasFor("command")
	String[] value() default {};

	/**
	 * The commands: texts that start with one of these words, in upper or lower case. The
	 * words after it are for {@link Argument @Argument} parameters.
	 * @return words such as {@code /deploy}
	 */
	@AliasFor("value")
	String[] command() default {};

	/**
	 * The patterns of texts: words in upper or lower case, and variables in braces such
	 * as <code>deploy {service} to {env}</code> for {@link Argument @Argument}
	 * parameters. A variable stands for one word; at the end of a pattern it stands for
	 * the rest of the text.
	 * @return patterns of which at least one word is no variable
	 */
	String[] text() default {};

	/**
	 * The widgets whose answers the method handles. A variable in braces, such as in
	 * <code>confirm-deploy:{version}</code>, takes a value that {@link WidgetId#expand}
	 * has put into the id, for an {@link Argument @Argument} parameter.
	 * @return ids, in which {@code *} stands for any characters, or patterns with
	 * variables
	 */
	String[] widget() default {};

	/**
	 * Whether the method handles cancelled answers only.
	 * @return whether it does
	 */
	boolean cancelled() default false;

	/**
	 * Which kind of messages the method handles.
	 * @return the kind
	 */
	MessageKind kind() default MessageKind.ANY;

	/**
	 * In which type of conversation the method handles messages.
	 * @return the type
	 */
	ConversationType conversation() default ConversationType.ANY;

	/**
	 * The agents whose messages the method handles, when the application has several: the
	 * names of their beans of type {@link com.pacerelle.client.AgentGatewayClient
	 * AgentGatewayClient}, which are those of {@code pacerelle.agents}.
	 * @return names, or none for all agents
	 */
	String[] agent() default {};

	/**
	 * How often the method is called for a message before its {@link #recoverer()}
	 * decides.
	 * @return the number, or 0 for {@code pacerelle.handler.attempts}
	 */
	int attempts() default 0;

	/**
	 * The pause in milliseconds before the method is called again; it doubles with each
	 * call.
	 * @return the pause, or -1 for {@code pacerelle.handler.backoff}
	 */
	long backoffMillis() default -1;

	/**
	 * Failures after which the method is not called again, besides those of
	 * {@code pacerelle.handler.no-retry-for}.
	 * @return the types; their subclasses count as well
	 */
	Class<? extends Throwable>[] noRetryFor() default {};

	/**
	 * The type of the bean that decides what becomes of a message that cannot be handled.
	 * @return the type; by default the only bean of type {@link MessageRecoverer}, or if
	 * there is none, the message becomes a dead letter and the person is told
	 */
	Class<? extends MessageRecoverer> recoverer() default MessageRecoverer.class;

	/**
	 * What the method does, for the people who write to the agent. The
	 * {@link HandlerCatalog} has it, and the {@link HelpHandler} lists the commands and
	 * texts that have one.
	 * @return such as {@code Deploys a service}, or empty
	 */
	String description() default "";

}
