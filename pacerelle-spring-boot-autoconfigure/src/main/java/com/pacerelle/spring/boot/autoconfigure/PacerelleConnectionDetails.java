package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to connect an agent to a relay. A bean of this type replaces the
 * {@code pacerelle.agent-id}, {@code token}, {@code base-url} and {@code web-socket-url}
 * properties.
 */
public interface PacerelleConnectionDetails extends ConnectionDetails {

	/**
	 * Id of the agent.
	 * @return the agent id
	 */
	String getAgentId();

	/**
	 * Token of the agent; secret.
	 * @return the token
	 */
	String getToken();

	/**
	 * HTTP address of the relay.
	 * @return an {@code http} or {@code https} URL
	 */
	URI getBaseUrl();

	/**
	 * WebSocket address of the relay.
	 * @return a {@code ws} or {@code wss} URL, or {@code null} to derive it from the base
	 * URL
	 */
	default @Nullable URI getWebSocketUrl() {
		return null;
	}

	/**
	 * Whether the relay is one for development, where nobody real writes.
	 * @return whether the messages of exceptions may be logged unless the application
	 * says otherwise
	 */
	default boolean isForDevelopment() {
		return false;
	}

}
