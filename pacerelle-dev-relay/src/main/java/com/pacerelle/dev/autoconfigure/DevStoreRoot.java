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

import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * Where the agent of a development run keeps its state. What is in a temporary directory
 * is encrypted with a key that ends with the run, and deleted at its end.
 *
 * @param path the directory
 * @param keys the key of a temporary directory, or {@code null}
 */
public record DevStoreRoot(Path path, @Nullable EncryptionKeys keys) implements AutoCloseable {

	private static final int KEY_LENGTH = 32;

	static DevStoreRoot open(@Nullable Path path) {
		try {
			return (path != null) ? new DevStoreRoot(path, null) : createTemporary();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The agent's store cannot be created in the temporary directory; "
					+ "set 'pacerelle.dev-relay.store-root' to a directory that is writable", ex);
		}
	}

	private static DevStoreRoot createTemporary() throws IOException {
		byte[] key = new byte[KEY_LENGTH];
		new SecureRandom().nextBytes(key);
		DevStoreRoot root = new DevStoreRoot(Files.createTempDirectory("pacerelle-dev-relay-"),
				EncryptionKeys.of(EncryptionKey.of(key), List.of()));
		// A root that survives restarts is closed by no context.
		SpringApplication.getShutdownHandlers().add(root::close);
		return root;
	}

	/**
	 * Whether it is deleted at the end.
	 * @return whether it is
	 */
	public boolean temporary() {
		return this.keys != null;
	}

	@Override
	public void close() {
		if (!temporary()) {
			return;
		}
		try {
			FileSystemUtils.deleteRecursively(this.path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return "DevStoreRoot[path=" + this.path + "]";
	}

}
