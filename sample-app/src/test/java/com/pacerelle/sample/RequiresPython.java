package com.pacerelle.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips the tests of a class where {@linkplain PythonEnvironment CPython 3.12} is
 * missing. With {@code CI=true} in the environment nothing is skipped: they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPython.Condition.class)
@interface RequiresPython {

	class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (PythonEnvironment.hasInterpreter() || Boolean.parseBoolean(System.getenv("CI"))) {
				return ConditionEvaluationResult.enabled("CPython 3.12 is there, or must be");
			}
			// Maven names the skipped tests, but not why they are.
			System.out.println(context.getDisplayName() + " is skipped. " + PythonEnvironment.MISSING);
			return ConditionEvaluationResult.disabled(PythonEnvironment.MISSING);
		}

	}

}
