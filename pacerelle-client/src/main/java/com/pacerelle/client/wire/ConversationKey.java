package com.pacerelle.client.wire;

import com.pacerelle.client.codec.Printable;

/**
 * A person in a conversation, or a group: what is handled in order, and what has sessions
 * of its own (gateway.md sections 4.2, 7).
 *
 * @param to the id of the person, or {@code group:<conversation id>}
 * @param conversationId the conversation
 */
public record ConversationKey(String to, String conversationId) {

	private static final String GROUP = "group:";

	/**
	 * The key of a group.
	 * @param conversationId the group's conversation
	 * @return the key
	 */
	static ConversationKey ofGroup(String conversationId) {
		return new ConversationKey(GROUP + conversationId, conversationId);
	}

	/**
	 * Whether it is a group.
	 * @return whether messages go to all members
	 */
	public boolean isGroup() {
		return this.to.equals(GROUP + this.conversationId);
	}

	@Override
	public String toString() {
		return "ConversationKey[to=" + Printable.id(this.to) + ", conversationId=" + Printable.id(this.conversationId)
				+ "]";
	}

}
