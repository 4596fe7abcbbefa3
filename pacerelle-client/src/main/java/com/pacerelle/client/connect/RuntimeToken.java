package com.pacerelle.client.connect;

import java.time.Duration;

/**
 * The short-lived token that an installed agent connects with. Its {@code toString()} has
 * no token.
 *
 * @param agentId the id of the agent
 * @param ownerId the id of the person who installed it
 * @param conversationId the conversation of the person with the agent
 * @param agentToken the agent's token; secret
 * @param expiresIn how long the token is valid, from when it was issued
 */
public record RuntimeToken(String agentId, String ownerId, String conversationId, String agentToken,
		Duration expiresIn) {

	@Override
	public String toString() {
		return "RuntimeToken[agentId=" + this.agentId + ", expiresIn=" + this.expiresIn + "]";
	}

}
