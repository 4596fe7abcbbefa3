package com.pacerelle.client.store;

/**
 * A conversation that the agent can write to.
 *
 * @param recipient the id of the person, or {@code group:<conversation id>}
 * @param conversationId the conversation
 */
public record KnownConversation(String recipient, String conversationId) {

	private static final String GROUP = "group:";

	/**
	 * The conversation of a group.
	 * @param conversationId the group's conversation
	 * @return the conversation
	 */
	public static KnownConversation ofGroup(String conversationId) {
		return new KnownConversation(GROUP + conversationId, conversationId);
	}

	/**
	 * Whether it is a group.
	 * @return whether messages go to all members
	 */
	public boolean isGroup() {
		return this.recipient.equals(GROUP + this.conversationId);
	}

}
