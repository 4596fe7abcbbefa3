package com.pacerelle.spring.connect;

/**
 * An installation of the application by a person. Its {@code toString()} has no token.
 *
 * @param agentId the id of the agent that the installation made
 * @param ownerId the id of the person
 * @param conversationId the conversation of the person with the agent
 * @param installationToken gets runtime tokens for as long as the installation lasts;
 * secret
 */
public record Installation(String agentId, String ownerId, String conversationId, String installationToken) {

	@Override
	public String toString() {
		return "Installation[agentId=" + this.agentId + "]";
	}

}
