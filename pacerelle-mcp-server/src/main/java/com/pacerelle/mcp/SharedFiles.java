package com.pacerelle.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * The files that may leave the machine, and where those of people go: a model must not be
 * able to send any file that its user can read.
 */
@Component
class SharedFiles {

	private static final Log logger = LogFactory.getLog(SharedFiles.class);

	private final List<Path> directories;

	private final @Nullable Path downloads;

	SharedFiles(McpServerProperties properties) {
		this.directories = properties.files();
		this.downloads = properties.downloads();
	}

	/**
	 * A file to send. What is checked is where it really is, behind links and dots.
	 * @param path its path
	 * @return the file
	 * @throws IllegalArgumentException if it is in no configured directory, or no file
	 */
	AgentFile toSend(String path) {
		if (this.directories.isEmpty()) {
			throw new IllegalArgumentException(
					"No files may be sent: the user of this machine can allow a directory with PACERELLE_MCP_FILES");
		}
		try {
			Path file = Path.of(path).toRealPath();
			for (Path directory : this.directories) {
				if (Files.isRegularFile(file) && file.startsWith(directory.toRealPath())) {
					return AgentFile.of(file);
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// As for one that is elsewhere: whether it exists is nobody's business.
		}
		throw new IllegalArgumentException("There is no such file in the directories from which files may be sent");
	}

	/**
	 * Saves a file of a person, under a name that is made here.
	 * @param attachment the file
	 * @return where it is, or {@code null} if files are not saved, or this one cannot be
	 */
	@Nullable String save(AgentAttachment attachment) {
		if (this.downloads == null) {
			return null;
		}
		try {
			Path target = Files.createDirectories(this.downloads).resolve(name(attachment)).toAbsolutePath();
			return Objects.requireNonNull(attachment.download(target).block()).toString();
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("A file of a person was not saved (" + ex.getClass().getName() + ")");
			return null;
		}
	}

	private static String name(AgentAttachment attachment) {
		String extension = StringUtils.getFilenameExtension(attachment.name());
		boolean plain = extension != null && extension.matches("[A-Za-z0-9]{1,10}");
		return UUID.randomUUID() + (plain ? "." + extension : "");
	}

}
