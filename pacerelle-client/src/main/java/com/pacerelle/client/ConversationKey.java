package com.pacerelle.client;

import com.pacerelle.signal.ProtocolAddress;
import org.jspecify.annotations.Nullable;

/**
 * A person in a conversation, or a group: what is handled in order, and what has sessions
 * of its own (gateway.md sections 4.2, 7).
 *
 * @param to the id of the person, or {@code group:<conversation id>}
 * @param conversationId the conversation
 */
record ConversationKey(String to, String conversationId) {

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
	boolean isGroup() {
		return this.to.equals(GROUP + this.conversationId);
	}

	/**
	 * The name of the sessions with a device. Separators inside an id are escaped, so
	 * that no two triples of ids share a name.
	 * @param deviceId the device, or {@code null} for the plain name
	 * @return the address
	 */
	ProtocolAddress address(@Nullable String deviceId) {
		String name = "human:" + escape(this.to) + ":" + escape(this.conversationId);
		return ProtocolAddress.of((deviceId != null) ? name + ":device:" + escape(deviceId) : name);
	}

	private static String escape(String id) {
		return (id.indexOf(':') < 0 && id.indexOf('%') < 0) ? id : id.replace("%", "%25").replace(":", "%3A");
	}

}
