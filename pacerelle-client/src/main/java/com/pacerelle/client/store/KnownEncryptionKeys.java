package com.pacerelle.client.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Keys that do not change.
 */
record KnownEncryptionKeys(EncryptionKey current, List<EncryptionKey> previous) implements EncryptionKeys {

	KnownEncryptionKeys {
		previous = List.copyOf(previous);
	}

	@Override
	public @Nullable EncryptionKey find(String id) {
		if (this.current.id().equals(id)) {
			return this.current;
		}
		return this.previous.stream().filter((key) -> key.id().equals(id)).findFirst().orElse(null);
	}

}
