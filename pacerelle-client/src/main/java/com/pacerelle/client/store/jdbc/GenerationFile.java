package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

import com.pacerelle.signal.EcPublicKey;

/**
 * A file beside the directory of an agent that says which generation its database has
 * reached, so that an older database in its place is recognised. It is written after the
 * database, and is never ahead of the right one.
 */
final class GenerationFile {

	private static final int FINGERPRINT_LENGTH = 8;

	private final Path path;

	private final FileAttribute<?>[] attributes;

	GenerationFile(Path path, FileAttribute<?>... attributes) {
		this.path = path;
		this.attributes = attributes;
	}

	/**
	 * Reads the generation.
	 * @param identity the agent's identity key
	 * @return the generation, 0 if nothing is known of this identity
	 * @throws IOException if the file cannot be read
	 */
	long read(EcPublicKey identity) throws IOException {
		try {
			String[] words = Files.readString(this.path, StandardCharsets.ISO_8859_1).split("\\s");
			return (words.length == 2 && words[0].equals(fingerprint(identity))) ? Long.parseLong(words[1]) : 0;
		}
		catch (NoSuchFileException | NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Writes the generation, durably.
	 * @param identity the agent's identity key
	 * @param generation what the database has reached
	 * @throws IOException if the file cannot be written
	 */
	void write(EcPublicKey identity, long generation) throws IOException {
		byte[] line = (fingerprint(identity) + " " + generation + "\n").getBytes(StandardCharsets.ISO_8859_1);
		try (FileChannel channel = FileChannel.open(this.path,
				Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), this.attributes)) {
			channel.write(ByteBuffer.wrap(line), 0);
			channel.truncate(line.length);
			channel.force(true);
		}
	}

	/**
	 * Forgets the generation: another database takes the place of the one before.
	 * @throws IOException if the file cannot be deleted
	 */
	void delete() throws IOException {
		Files.deleteIfExists(this.path);
	}

	private static String fingerprint(EcPublicKey identity) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.encode());
			return HexFormat.of().formatHex(digest, 0, FINGERPRINT_LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("The JVM has no SHA-256", ex);
		}
	}

}
