package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.RelayUnreachableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by a {@link RelayUnreachableException}.
 */
class RelayUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<RelayUnreachableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RelayUnreachableException cause) {
		return new FailureAnalysis(cause.getMessage(), ConnectionAdvice.on(cause)
				+ " With 'pacerelle.fail-fast=false' the application starts without the relay and keeps trying.",
				cause);
	}

}
