package com.pacerelle.dev.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * Where the agent of a development run keeps its state.
 *
 * @param path the directory
 * @param temporary whether it is deleted at the end
 */
record DevStoreRoot(Path path, boolean temporary) implements AutoCloseable {

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

	@Override
	public void close() throws IOException {
		if (this.temporary) {
			FileSystemUtils.deleteRecursively(this.path);
		}
	}

}
