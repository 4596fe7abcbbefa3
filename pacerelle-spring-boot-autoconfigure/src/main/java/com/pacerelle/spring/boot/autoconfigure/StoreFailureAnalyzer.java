package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.StoreMovedException;
import com.pacerelle.client.store.StoreOutdatedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by a {@link StoreException}.
 */
class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StoreException cause) {
		return new FailureAnalysis(cause.getMessage(), action(cause), cause);
	}

	private static String action(StoreException cause) {
		if (cause instanceof StoreInUseException) {
			return "Stop the other application, or give this one an agent of its own: an agent runs once.";
		}
		if (cause instanceof EncryptionKeyException) {
			return "Set 'pacerelle.store.encryption-key' to the key that the store was"
					+ " encrypted with, or keep that key in 'pacerelle.store.previous-encryption-keys' if another one"
					+ " encrypts from now on. A bean of type EncryptionKeys has to find it by its id. Nothing was"
					+ " changed in the store.";
		}
		if (cause instanceof StoreImportException) {
			return "Check 'pacerelle.store.import-from', or remove it to import nothing: the agent then has a store of"
					+ " its own. Nothing was changed in either store.";
		}
		if (cause instanceof StoreOutdatedException) {
			return "Put the newest database back. If there is none, set 'pacerelle.store.restored' to true for one start:"
					+ " what was received and sent since the backup is lost, and people whom the agent talked with since"
					+ " may have to start a new session.";
		}
		if (cause instanceof StoreMovedException) {
			return "Set 'pacerelle.store.type' and 'pacerelle.store.root' to the store that has the state, and remove"
					+ " 'pacerelle.store.import-from'. To move the state back, set 'pacerelle.store.import-from' to that"
					+ " store.";
		}
		return "Check 'pacerelle.store.root' (PACERELLE_STORE_ROOT), its owner and the space on its disk; with"
				+ " 'pacerelle.store.type=jdbc', the PostgreSQL database of 'spring.datasource.url' and the rights of"
				+ " its user.";
	}

}
