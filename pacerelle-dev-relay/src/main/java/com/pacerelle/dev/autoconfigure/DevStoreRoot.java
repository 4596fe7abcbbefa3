package com.pacerelle.dev.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * Where the agent of a development run keeps its state. What is in a temporary directory
 * is encrypted with a key that ends with the run.
 *
 * @param path the directory
 * @param temporary whether it is deleted at the end
 */
public record DevStoreRoot(Path path, boolean temporary) implements AutoCloseable {

	private static final int KEY_LENGTH = 32;

	static DevStoreRoot open(@Nullable Path path) {
		try {
			return (path != null) ? new DevStoreRoot(path, false)
					: new DevStoreRoot(Files.createTempDirectory("pacerelle-dev-relay-"), true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The agent's store cannot be created in the temporary directory; "
					+ "set 'pacerelle.dev-relay.store-root' to a directory that is writable", ex);
		}
	}

	@Nullable EncryptionKeys keys() {
		if (!this.temporary) {
			return null;
		}
		byte[] key = new byte[KEY_LENGTH];
		new SecureRandom().nextBytes(key);
		return EncryptionKeys.of(EncryptionKey.of(key), List.of());
	}

	@Override
	public void close() throws IOException {
		if (this.temporary) {
			FileSystemUtils.deleteRecursively(this.path);
		}
	}

}
