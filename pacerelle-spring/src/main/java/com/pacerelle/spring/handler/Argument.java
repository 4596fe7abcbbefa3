package com.pacerelle.spring.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Marks a parameter of a {@link PacerelleHandler @PacerelleHandler} method that gets a
 * part of the text, converted to the parameter's type by the application's
 * {@link org.springframework.core.convert.ConversionService ConversionService}.
 * <p>
 * Of a {@link PacerelleHandler#command() command}, each such parameter gets one word, in
 * their order, and the last one gets the rest of the text: {@code /deploy api to prod}
 * gives {@code api} to the first of two and {@code to prod} to the second. Of a
 * {@link PacerelleHandler#text() text pattern}, or of a {@link PacerelleHandler#widget()
 * widget}, each gets the variable of its name.
 * <p>
 * A command may lack an argument whose parameter is an {@link java.util.Optional
 * Optional}, or is annotated or marked as nullable. An argument that is missing
 * otherwise, that cannot be converted or that its constraints refuse fails with an
 * {@link InvalidArgumentException}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Argument {

	/**
	 * The argument's name. Alias for {@link #name()}.
	 * @return the name, or empty for that of the parameter
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * The argument's name: that of the variable, and what {@code /help} and errors call
	 * it.
	 * @return the name, or empty for that of the parameter
	 */
	@AliasFor("value")
	String name() default "";

}
