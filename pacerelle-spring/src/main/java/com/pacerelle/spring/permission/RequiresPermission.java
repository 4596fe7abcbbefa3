package com.pacerelle.spring.permission;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import com.pacerelle.client.message.PermissionScope;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method of a bean that runs only when the sender of the current message allows
 * it (gateway.md section 8). The person is asked in the conversation, unless a grant for
 * the session covers exactly this action, resource and arguments; the method waits for
 * the answer, then runs at most once per grant for {@link PermissionScope#ONCE once}. It
 * may block, or return a reactive type or a {@link java.util.concurrent.CompletionStage
 * CompletionStage}.
 * <p>
 * The caller gets a {@link com.pacerelle.client.permission.PermissionNotGrantedException}
 * when the person refuses or does not answer, and when the method is not called for a
 * message. All arguments are part of what is allowed and shown to the person, so they
 * have to be values that Jackson can write as JSON; of an
 * {@link com.pacerelle.client.message.AgentAttachment AgentAttachment}, these are its id,
 * name and size. Arguments such as {@link com.pacerelle.client.message.AgentMessage
 * AgentMessage} and {@link com.pacerelle.client.Conversation Conversation} are neither:
 * name in the {@link #resource()} what matters of them.
 * <p>
 * The method is guarded by the proxy of its bean. A private, static or final method, a
 * method of a final class and an expression that is not valid or names no parameter are
 * refused when the bean is created. So is a class that calls such a method on
 * {@code this}, which does not pass the proxy, where its code shows that; a call that
 * does not is not guarded, such as one by a nested class.
 */
@Documented
@Reflective
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RequiresPermission {

	/**
	 * What the method does.
	 * @return such as {@code file.delete}
	 */
	String action();

	/**
	 * To what it does it, with SpEL expressions over the arguments.
	 * @return such as <code>folder:#{#path}</code>
	 */
	String resource();

	/**
	 * For how long it can be allowed.
	 * @return each scope once, at least one
	 */
	PermissionScope[] scopes() default PermissionScope.ONCE;

	/**
	 * The question, with SpEL expressions over the arguments.
	 * @return the question; by default the action and the resource
	 */
	String title() default "";

}
