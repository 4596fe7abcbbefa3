package com.pacerelle.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;

import org.springframework.util.FileSystemUtils;

/**
 * The store of the agent under test: encrypted, in a directory of its own that is deleted
 * with the context.
 *
 * @param root the directory
 * @param store the store
 */
record TestStore(Path root, CrashingStore store) implements AutoCloseable {

	static TestStore open(String agentId) {
		try {
			Path root = Files.createTempDirectory("pacerelle-test-");
			byte[] key = new byte[32];
			new SecureRandom().nextBytes(key);
			AgentStore store = SqliteAgentStore.open(root, agentId,
					EncryptionKeys.of(EncryptionKey.of(key), List.of()));
			return new TestStore(root, new CrashingStore(store));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The agent's store cannot be created in the temporary directory", ex);
		}
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.root);
	}

}
