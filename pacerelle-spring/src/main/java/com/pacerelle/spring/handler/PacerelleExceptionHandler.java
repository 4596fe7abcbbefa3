package com.pacerelle.spring.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method that handles exceptions of {@link PacerelleHandler @PacerelleHandler}
 * methods: what it returns is the reply, and the message is accepted. When it fails
 * itself, the message is handled again as without it. With {@link #afterLastAttempt()}
 * the other attempts are made first.
 * <p>
 * In a bean that has {@code @PacerelleHandler} methods, it is for the failures of these.
 * In any other bean, it is for those of all handlers, after the methods of their own
 * beans. Among the methods of a bean, and among those for all, the one with the closest
 * superclass of the exception is called; two for the same type are refused when the
 * application starts.
 * <p>
 * Its parameters are any of: the exception,
 * {@link com.pacerelle.client.message.AgentMessage AgentMessage},
 * {@link com.pacerelle.client.Conversation Conversation},
 * {@link com.pacerelle.client.AgentGatewayClient AgentGatewayClient},
 * {@link HandlerInvocation}, {@link HandlerCatalog}, {@link Questions}, and what a
 * {@link HandlerArgumentResolver} supports. It returns whatever a handler may.
 * <p>
 * A method for a superclass, such as {@link Exception}, does not get the exceptions with
 * which a message ends in an orderly way: {@link InvalidArgumentException},
 * {@link com.pacerelle.client.message.InvalidAnswerException InvalidAnswerException},
 * {@link com.pacerelle.client.NoAnswerException NoAnswerException},
 * {@link com.pacerelle.client.permission.PermissionNotGrantedException
 * PermissionNotGrantedException} and
 * {@link com.pacerelle.client.message.AttachmentRefusedException
 * AttachmentRefusedException}. What the framework says then stays as it is, unless a
 * method names one of these.
 * <p>
 * Input that is not valid is never handled again. Without a method for
 * {@link InvalidArgumentException} or
 * {@link com.pacerelle.client.message.InvalidAnswerException InvalidAnswerException}, the
 * reply consists of the exception's messages. These are the messages of violated
 * constraints, or those of the application's
 * {@link org.springframework.context.MessageSource MessageSource} with the codes
 * {@code pacerelle.answer.invalid}, {@code pacerelle.answer.field},
 * {@code pacerelle.answer.option}, {@code pacerelle.answer.format} (of a form, with the
 * field's name, and what would be right), {@code pacerelle.argument.invalid} and
 * {@code pacerelle.argument.missing} (both with the argument's name). All have an English
 * default. And without a method for {@link com.pacerelle.client.NoAnswerException
 * NoAnswerException}, a message whose handler
 * {@linkplain com.pacerelle.client.Conversation#ask asked} and got no answer is accepted
 * without a reply.
 */
@Documented
@Reflective
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
public @interface PacerelleExceptionHandler {

	/**
	 * The exceptions that the method is for.
	 * @return the types, or empty for those of its parameters
	 */
	Class<? extends Throwable>[] value() default {};

	/**
	 * Whether the method is only called when no other attempt is made: after the last
	 * one, or after a failure that none can mend. What it returns is then what the person
	 * reads in place of the default sentence; the message is kept as a dead letter. It
	 * comes before a {@link com.pacerelle.client.MessageRecoverer MessageRecoverer}.
	 * @return whether it is; by default it is called at the first failure, and the
	 * message is accepted
	 */
	boolean afterLastAttempt() default false;

}
