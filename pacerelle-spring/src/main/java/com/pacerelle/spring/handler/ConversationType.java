package com.pacerelle.spring.handler;

import com.pacerelle.client.message.AgentMessage;

/**
 * Where a message was written, for {@link PacerelleHandler#conversation()}.
 */
public enum ConversationType {

	/** Anywhere. */
	ANY,

	/** In the conversation of one person with the agent. */
	DIRECT,

	/** In a group. */
	GROUP;

	boolean includes(AgentMessage message) {
		return this == ANY || message.group() == (this == GROUP);
	}

	boolean overlaps(ConversationType other) {
		return this == ANY || other == ANY || this == other;
	}

}
