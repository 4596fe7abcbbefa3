package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by a {@link StoreException}.
 */
class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StoreException cause) {
		String action = (cause instanceof StoreInUseException)
				? "Stop the other application, or give this one an agent of its own: an agent runs once."
				: "Check 'pacerelle.store.root' (PACERELLE_STORE_ROOT), its owner and the space on its disk.";
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
