package com.pacerelle.spring.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps installations in a file of JSON that only its owner can read, for one process at
 * a time. It is replaced as a whole, so a crash leaves the old or the new one.
 */
public final class FileInstallationRepository implements InstallationRepository {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
		.build();

	private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

	private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

	private final Path file;

	/**
	 * Creates the repository. Nothing is read or written yet.
	 * @param file the file; it and its directory are created when needed
	 */
	public FileInstallationRepository(Path file) {
		this.file = file.toAbsolutePath();
	}

	@Override
	public synchronized void save(Installation installation) {
		change((installations) -> Stream.concat(without(installations, installation.agentId()),
				Stream.of(installation)));
	}

	@Override
	public synchronized List<Installation> findAll() {
		try {
			return Files.exists(this.file)
					? List.of(JSON.readValue(Files.readAllBytes(this.file), Installation[].class)) : List.of();
		}
		catch (JacksonException ex) {
			// Its message quotes the file.
			throw new IllegalStateException("The file " + this.file + " has no installations that can be read:"
					+ " restore it from a backup, or remove it and have people install the application again");
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
	}

	@Override
	public synchronized void remove(String agentId) {
		change((installations) -> without(installations, agentId));
	}

	private static Stream<Installation> without(Stream<Installation> installations, String agentId) {
		return installations.filter((installation) -> !installation.agentId().equals(agentId));
	}

	private void change(UnaryOperator<Stream<Installation>> change) {
		byte[] json = JSON.writeValueAsBytes(change.apply(findAll().stream()).toList());
		try {
			Path directory = this.file.getParent();
			boolean posix = this.file.getFileSystem().supportedFileAttributeViews().contains("posix");
			Files.createDirectories(directory, attributes(posix, OWNER_DIRECTORY));
			Path next = Files.createTempFile(directory, "installations-", ".tmp", attributes(posix, OWNER_FILE));
			try {
				write(next, json);
				Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			}
			finally {
				Files.deleteIfExists(next);
			}
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
	}

	private static void write(Path file, byte[] content) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			ByteBuffer buffer = ByteBuffer.wrap(content);
			while (buffer.hasRemaining()) {
				channel.write(buffer);
			}
			channel.force(true);
		}
	}

	private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> permissions) {
		return posix ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions) }
				: new FileAttribute<?>[0];
	}

	private UncheckedIOException unusable(IOException cause) {
		return new UncheckedIOException(
				"The file " + this.file + " of the installations cannot be used: make it and its"
						+ " directory readable and writable for the user of this process",
				cause);
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

}
