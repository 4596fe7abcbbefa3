package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import org.jspecify.annotations.Nullable;

/**
 * Stores that keep the same promises.
 */
enum StoreKind {

	PLAIN(false, null),

	/** Under another key each time somebody looks. */
	SEALED(false, new ChangingKeys()),

	POSTGRES(true, null),

	SEALED_POSTGRES(true, new ChangingKeys());

	private final boolean postgres;

	private final @Nullable EncryptionKeys keys;

	StoreKind(boolean postgres, @Nullable EncryptionKeys keys) {
		this.postgres = postgres;
		this.keys = keys;
	}

	boolean isPostgres() {
		return this.postgres;
	}

	AgentStore open(Path root) {
		return open(root, "agent");
	}

	AgentStore open(Path root, String agentId) {
		return this.postgres ? TestPostgres.open(root, agentId, this.keys)
				: SqliteAgentStore.open(root, agentId, this.keys);
	}

	/** Opens it as a backup that was put back. */
	AgentStore restored(Path root) {
		return this.postgres
				? StoreRestore.open(new PostgresStores(TestPostgres.dataSource()), root + "/agent", this.keys)
				: StoreRestore.open(root, "agent", this.keys);
	}

	private static final class ChangingKeys implements EncryptionKeys {

		private final List<EncryptionKey> keys = Stream.of(77, 78, 79)
			.map((key) -> EncryptionKey.of(TestChanges.digest(key)))
			.toList();

		private final AtomicInteger looks = new AtomicInteger();

		@Override
		public EncryptionKey current() {
			return this.keys.get(this.looks.getAndIncrement() % this.keys.size());
		}

		@Override
		public @Nullable EncryptionKey find(String id) {
			return this.keys.stream().filter((key) -> key.id().equals(id)).findFirst().orElse(null);
		}

	}

}
