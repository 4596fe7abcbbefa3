package com.pacerelle.spring.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a parameter of a {@link PacerelleHandler @PacerelleHandler} method for answers
 * that gets what was stored with the question by
 * {@link com.pacerelle.client.message.Widget#data(Object) Widget.data}. It is read from
 * the JSON that the default {@link tools.jackson.databind.json.JsonMapper JsonMapper}
 * wrote, as the parameter's type. A parameter that is an {@link java.util.Optional
 * Optional}, or is annotated or marked as nullable, has no value when the question had no
 * data.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface WidgetData {

}
