package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.spring.permission.InvalidPermissionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by an {@link InvalidPermissionException}.
 */
class InvalidPermissionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPermissionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPermissionException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Make the methods overridable instance methods of a class that is not final, and name their parameters in the expressions, such as 'file:#{#path}'.",
				cause);
	}

}
