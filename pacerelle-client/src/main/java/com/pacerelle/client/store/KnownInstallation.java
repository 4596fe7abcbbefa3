package com.pacerelle.client.store;

/**
 * An installation of an application by a person. Its {@code toString()} has no token.
 *
 * @param agentId the id of the agent that the installation made
 * @param ownerId the id of the person
 * @param conversationId the conversation of the person with the agent
 * @param token gets runtime tokens; secret
 */
public record KnownInstallation(String agentId, String ownerId, String conversationId, String token) {

	@Override
	public String toString() {
		return "KnownInstallation[agentId=" + this.agentId + "]";
	}

}
