package com.pacerelle.client.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

import com.pacerelle.client.message.FileTransferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that hold ciphertext on its way. Only the owner can open them, and they are
 * deleted when they are closed: where the platform allows it they have no name at all, so
 * that not even a crash leaves them behind.
 */
final class SpoolFile {

	private static final Logger logger = LoggerFactory.getLogger(SpoolFile.class);

	private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
			StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);

	private static final FileAttribute<?>[] ATTRIBUTES = FileSystems.getDefault()
		.supportedFileAttributeViews()
		.contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];

	private SpoolFile() {
	}

	static FileChannel open(Path directory) {
		try {
			return FileChannel.open(directory.resolve("pacerelle-" + UUID.randomUUID() + ".spool"), OPTIONS,
					ATTRIBUTES);
		}
		catch (IOException ex) {
			throw new FileTransferException("No file can be made in the temporary directory " + directory
					+ ": make it writable, or name another one in the system property java.io.tmpdir", ex);
		}
	}

	static void close(FileChannel file) {
		try {
			file.close();
		}
		catch (IOException ex) {
			logger.warn("A temporary file cannot be closed: {}", ex.toString());
		}
	}

}
