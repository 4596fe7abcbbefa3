package com.pacerelle.spring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by a {@link PacerelleConfigurationException}.
 */
class PacerelleConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<PacerelleConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PacerelleConfigurationException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.getAction(), cause);
	}

}
