package com.pacerelle.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an {@link AgentGatewayClient}; a builder and validation follow.
 *
 * @param agentId the agent's id, copied from the app
 * @param token the agent's token, copied from the app; secret
 * @param baseUrl the relay's HTTP address, without a trailing slash
 * @param webSocketUrl the relay's WebSocket address, without a trailing slash, or
 * {@code null} to derive it from the base URL
 * @param storeRoot the directory under which each agent has its own
 * @param encrypted whether messages are end-to-end encrypted; off only for local
 * debugging
 * @param maxFrameSize the largest frame that is accepted, in bytes
 * @param concurrency how many conversations are handled at once
 * @param queueCapacity how many messages wait in memory before the socket is not read
 * @param pingInterval how often the connection is probed
 * @param pongTimeout how long a probe may stay unanswered
 * @param connectTimeout how long a connection may take
 * @param minBackoff the first pause between attempts to connect
 * @param maxBackoff the longest pause
 * @param tokenRefusedBackoff the pause after a refused token
 * @param handlerAttempts how often a handler is called for one message before it is set
 * aside, at least 1
 * @param handlerBackoff the first pause between these calls
 * @param virtualThreads whether handlers run on virtual threads where the JDK has them
 */
public record AgentGatewaySettings(String agentId, String token, URI baseUrl, @Nullable URI webSocketUrl,
		Path storeRoot, boolean encrypted, int maxFrameSize, int concurrency, int queueCapacity, Duration pingInterval,
		Duration pongTimeout, Duration connectTimeout, Duration minBackoff, Duration maxBackoff,
		Duration tokenRefusedBackoff, int handlerAttempts, Duration handlerBackoff, boolean virtualThreads) {

	@Override
	public String toString() {
		return "AgentGatewaySettings[agentId=" + this.agentId + ", baseUrl=" + this.baseUrl + "]";
	}

}
