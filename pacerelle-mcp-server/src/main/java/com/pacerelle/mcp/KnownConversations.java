package com.pacerelle.mcp;

import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;

import org.springframework.stereotype.Component;

/**
 * The conversations that somebody has written in, under the names that tools have for
 * them.
 */
@Component
class KnownConversations {

	private final AgentGatewayClient client;

	KnownConversations(AgentGatewayClient client) {
		this.client = client;
	}

	List<KnownConversation> all() {
		return this.client.conversations().map(KnownConversation::of).toStream().toList();
	}

	/**
	 * Finds a conversation.
	 * @param conversation what tools call it
	 * @return the conversation
	 * @throws IllegalArgumentException if there is none
	 */
	Conversation get(String conversation) {
		Conversation found = this.client.conversations()
			.filter((known) -> KnownConversation.of(known).conversation().equals(conversation))
			.blockFirst();
		if (found == null) {
			throw new IllegalArgumentException("There is no such conversation: call list_conversations. People start "
					+ "conversations by writing to the agent");
		}
		return found;
	}

}
