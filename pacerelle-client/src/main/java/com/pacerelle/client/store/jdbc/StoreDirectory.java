package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one agent: only its owner can read it, and only one store at a time
 * has it.
 */
final class StoreDirectory implements JdbcAgentStore.Place {

	/** The database of an agent, in its directory. */
	static final String DATABASE = "agent.db";

	private static final Pattern AGENT_ID = Pattern.compile("[A-Za-z0-9_@-][A-Za-z0-9._@-]{0,127}");

	private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

	private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

	// Besides the file's lock: a POSIX process loses all its locks of a file as soon as
	// it closes any channel of it, so a second store must not even open the file.
	private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

	private final Path path;

	private final FileChannel lock;

	private final GenerationFile generation;

	private StoreDirectory(Path path, FileChannel lock, GenerationFile generation) {
		this.path = path;
		this.lock = lock;
		this.generation = generation;
	}

	/**
	 * Locks the directory of an agent, and creates it when it does not exist.
	 * @param root the directory above it
	 * @param agentId the agent
	 * @return the directory, to be closed
	 * @throws StoreInUseException if it is in use
	 * @throws StoreException if the agent id cannot name a directory, or it cannot be
	 * made or secured
	 */
	static StoreDirectory take(Path root, String agentId) {
		if (!AGENT_ID.matcher(agentId).matches()) {
			throw new StoreException("The agent id cannot name the directory of its store: it may have letters, digits,"
					+ " '-', '_', '@' and '.', must not start with '.', and must have 1 to 128 characters."
					+ " Copy it from the app again", null);
		}
		Path path = root.toAbsolutePath().resolve(agentId);
		try {
			boolean posix = createDirectory(path);
			path = path.toRealPath();
			if (!IN_USE.add(path)) {
				throw inUse(path);
			}
			FileChannel lock = null;
			try {
				lock = lock(path, posix);
				return new StoreDirectory(path, lock, new GenerationFile(
						path.resolveSibling("." + agentId + ".generation"), attributes(posix, OWNER_FILE)));
			}
			finally {
				if (lock == null) {
					IN_USE.remove(path);
				}
			}
		}
		catch (IOException ex) {
			throw new StoreException("The directory " + path + " of the store cannot be used: make it writable for the"
					+ " user of this process, or set another store root", ex);
		}
	}

	/**
	 * The database in this directory.
	 * @return its path
	 */
	Path database() {
		return this.path.resolve(DATABASE);
	}

	/**
	 * What is remembered beside the directory, which a backup of it does not have.
	 * @return the file
	 */
	GenerationFile generation() {
		return this.generation;
	}

	@Override
	public void close() {
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			throw new StoreException("The lock of the directory " + this.path + " cannot be released", ex);
		}
		finally {
			IN_USE.remove(this.path);
		}
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	private static boolean createDirectory(Path path) throws IOException {
		Path existing = path;
		while (!Files.exists(existing) && existing.getParent() != null) {
			existing = existing.getParent();
		}
		boolean posix = Files.getFileStore(existing).supportsFileAttributeView("posix");
		Files.createDirectories(path, attributes(posix, OWNER_DIRECTORY));
		if (posix) {
			Files.setPosixFilePermissions(path, OWNER_DIRECTORY);
		}
		return posix;
	}

	private static FileChannel lock(Path path, boolean posix) throws IOException {
		FileChannel channel = FileChannel.open(path.resolve("lock"),
				Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), attributes(posix, OWNER_FILE));
		FileLock lock = null;
		try {
			lock = tryLock(channel);
			if (lock == null) {
				throw inUse(path);
			}
			secureFiles(path, posix);
			return channel;
		}
		finally {
			if (lock == null) {
				channel.close();
			}
		}
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

	/** SQLite gives its other files the rights that the database file has. */
	private static void secureFiles(Path path, boolean posix) throws IOException {
		if (Files.notExists(path.resolve(DATABASE))) {
			Files.createFile(path.resolve(DATABASE), attributes(posix, OWNER_FILE));
		}
		for (String name : List.of("lock", DATABASE, DATABASE + "-wal", DATABASE + "-shm")) {
			if (posix && Files.exists(path.resolve(name))) {
				Files.setPosixFilePermissions(path.resolve(name), OWNER_FILE);
			}
		}
	}

	private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> permissions) {
		return posix ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions) }
				: new FileAttribute<?>[0];
	}

	private static StoreInUseException inUse(Path path) {
		return new StoreInUseException("The store in " + path + " is in use: an agent runs once. Stop the other process"
				+ " or close the other client, or give this one another agent or another store root");
	}

}
