package com.pacerelle.client.message;

import java.util.Objects;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/**
 * A file of the agent (gateway.md section 5.3). Its {@code toString()} has no name.
 *
 * @param name the file's name, as the person sees it
 * @param mime the type
 * @param content the content, opened once for each attempt to send it
 */
public record AgentFile(String name, String mime, Resource content) implements Content {

	/**
	 * Creates a file.
	 */
	public AgentFile {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(mime, "'mime' must not be null");
		Objects.requireNonNull(content, "'content' must not be null");
	}

	/**
	 * Creates a file from bytes.
	 * @param name the file's name
	 * @param mime the type
	 * @param content the content
	 * @return the file
	 */
	public static AgentFile of(String name, String mime, byte[] content) {
		return new AgentFile(name, mime, new ByteArrayResource(content.clone()));
	}

	@Override
	public String toString() {
		return "AgentFile[]";
	}

}
