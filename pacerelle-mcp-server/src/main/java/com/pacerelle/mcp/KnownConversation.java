package com.pacerelle.mcp;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import com.pacerelle.client.Conversation;

/**
 * A conversation that somebody has written in.
 *
 * @param conversation what tools call it: made of the other two, which nobody has to
 * repeat
 * @param to the person, or the group
 * @param conversationId the id of the conversation
 */
record KnownConversation(String conversation, String to, String conversationId) {

	static KnownConversation of(Conversation conversation) {
		String to = conversation.to();
		String conversationId = conversation.id();
		String name = to.length() + ":" + to + conversationId;
		return new KnownConversation(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString(), to,
				conversationId);
	}

}
