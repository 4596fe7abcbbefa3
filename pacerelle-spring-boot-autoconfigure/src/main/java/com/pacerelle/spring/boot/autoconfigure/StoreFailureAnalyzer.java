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
				: "Check that the application may write the directory 'pacerelle.store.root' (PACERELLE_STORE_ROOT), "
						+ "and that its disk is not full.";
		return new FailureAnalysis("The store of the agent could not be opened: " + cause.getMessage(), action, cause);
	}

}
