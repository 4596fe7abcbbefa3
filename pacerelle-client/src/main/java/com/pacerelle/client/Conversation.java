package com.pacerelle.client;

import com.pacerelle.signal.ProtocolAddress;
import org.jspecify.annotations.Nullable;

/**
 * A person in a conversation: what is handled in order, and what has sessions of its own
 * (gateway.md section 4.2).
 *
 * @param userId the person
 * @param conversationId the conversation
 */
record Conversation(String userId, String conversationId) {

	/**
	 * The name of the sessions with a device. Separators inside an id are escaped, so
	 * that no two triples of ids share a name.
	 * @param deviceId the device, or {@code null} for the plain name
	 * @return the address
	 */
	ProtocolAddress address(@Nullable String deviceId) {
		String name = "human:" + escape(this.userId) + ":" + escape(this.conversationId);
		return ProtocolAddress.of((deviceId != null) ? name + ":device:" + escape(deviceId) : name);
	}

	private static String escape(String id) {
		return (id.indexOf(':') < 0 && id.indexOf('%') < 0) ? id : id.replace("%", "%25").replace(":", "%3A");
	}

}
