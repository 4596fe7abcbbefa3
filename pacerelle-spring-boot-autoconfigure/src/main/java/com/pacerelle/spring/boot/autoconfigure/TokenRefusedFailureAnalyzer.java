package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.TokenRefusedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by a {@link TokenRefusedException}.
 */
class TokenRefusedFailureAnalyzer extends AbstractFailureAnalyzer<TokenRefusedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TokenRefusedException cause) {
		return new FailureAnalysis(cause.getMessage(), ConnectionAdvice.on(cause), cause);
	}

}
