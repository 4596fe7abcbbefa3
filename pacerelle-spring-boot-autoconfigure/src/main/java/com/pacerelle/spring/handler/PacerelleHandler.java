package com.pacerelle.spring.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks the method of a bean that handles the messages to the agent. An application has
 * one such method.
 * <p>
 * Its parameters are any of these, in any order:
 * <ul>
 * <li>{@link com.pacerelle.client.message.AgentMessage AgentMessage}: the message</li>
 * <li>{@link String}: the message's text</li>
 * <li>{@link com.pacerelle.client.AgentGatewayClient AgentGatewayClient}: the connection,
 * to send more than the reply</li>
 * </ul>
 * What it returns is the reply: a {@link String}, or a {@link reactor.core.publisher.Mono
 * Mono} or {@link java.util.concurrent.CompletionStage CompletionStage} of one. There is
 * no reply if it returns {@code void}, {@code null}, nothing, or one of these types with
 * {@link Void}.
 * <p>
 * The message is accepted, and its sender told so, when the method returns and what it
 * returned completes; the reply is stored in the same transaction. Until then the message
 * comes again, after a crash too: its id is the key for doing things once. When the
 * method fails, it is called again after a pause, up to
 * {@code pacerelle.handler.attempts} times; then the message is left unaccepted, and the
 * messages behind it are handled.
 * <p>
 * The method may block, and may have any visibility. It is called through its bean, so
 * that advice such as {@code @Transactional} applies; on a bean behind a JDK proxy it has
 * to be a method of an interface.
 */
@Documented
@Reflective
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
public @interface PacerelleHandler {

}
