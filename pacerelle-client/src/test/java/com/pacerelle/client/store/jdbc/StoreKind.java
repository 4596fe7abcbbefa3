package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import org.jspecify.annotations.Nullable;

/**
 * Stores that keep the same promises.
 */
enum StoreKind {

	PLAIN(null), SEALED(EncryptionKeys.of(EncryptionKey.of(TestChanges.digest(77)), List.of()));

	private final @Nullable EncryptionKeys keys;

	StoreKind(@Nullable EncryptionKeys keys) {
		this.keys = keys;
	}

	AgentStore open(Path root) {
		return open(root, "agent");
	}

	AgentStore open(Path root, String agentId) {
		return SqliteAgentStore.open(root, agentId, this.keys);
	}

}
