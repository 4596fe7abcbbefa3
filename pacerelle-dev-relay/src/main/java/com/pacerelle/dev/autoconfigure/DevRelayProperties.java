package com.pacerelle.dev.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the relay for development.
 *
 * @param enabled Whether a relay for development is started with the application, which
 * then connects to it in place of the configured one.
 * @param port Port of the relay and its chat page on 127.0.0.1. A free one is taken when
 * it is 0.
 * @param storeRoot Directory in which the agent keeps its keys and messages from one
 * development run to the next. Without it, they are in a temporary directory that is
 * deleted at the end.
 */
@ConfigurationProperties("pacerelle.dev-relay")
public record DevRelayProperties(@DefaultValue("false") boolean enabled, @DefaultValue("0") int port,
		@Nullable Path storeRoot) {
}
