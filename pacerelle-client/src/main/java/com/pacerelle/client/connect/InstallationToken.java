package com.pacerelle.client.connect;

/**
 * What an application gets when a person has installed it. Its {@code toString()} has no
 * token.
 *
 * @param installationToken gets {@link RuntimeToken}s for as long as the installation
 * lasts; secret
 * @param tokenType the type of the token
 * @param agentId the id of the agent that the installation made
 * @param ownerId the id of the person
 * @param conversationId the conversation of the person with the agent
 * @param scope what the token is for
 */
public record InstallationToken(String installationToken, String tokenType, String agentId, String ownerId,
		String conversationId, String scope) {

	@Override
	public String toString() {
		return "InstallationToken[agentId=" + this.agentId + "]";
	}

}
