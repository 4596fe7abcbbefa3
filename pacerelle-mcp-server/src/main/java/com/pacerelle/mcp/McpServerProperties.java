package com.pacerelle.mcp;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the bridge.
 *
 * @param files Directories from which files may be sent. None, unless set.
 * @param downloads Directory into which the files of people are saved. They are not
 * saved, unless set.
 * @param token Token that clients send over HTTP, as 'Authorization: Bearer'; secret.
 */
@ConfigurationProperties("pacerelle.mcp")
record McpServerProperties(@DefaultValue List<Path> files, @Nullable Path downloads, @Nullable String token) {

	@Override
	public String toString() {
		return "McpServerProperties[files=" + this.files.size() + "]";
	}

}
