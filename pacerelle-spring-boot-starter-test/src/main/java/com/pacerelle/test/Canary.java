package com.pacerelle.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A marker in what people say in a test, which has to stay between them and the agent.
 * The test fails when the marker shows up in
 * <ul>
 * <li>the log, with the levels of the test,</li>
 * <li>the names, tags and descriptions of meters,</li>
 * <li>the names and key values of observations, which become traces,</li>
 * <li>the files of the agent's store, which is encrypted in tests.</li>
 * </ul>
 * The test waits at its end until the agent has handled all messages.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface Canary {

	/**
	 * The marker: ASCII characters that are nowhere else.
	 * @return the marker
	 */
	String value();

}
