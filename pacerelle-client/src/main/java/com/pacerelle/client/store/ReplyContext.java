package com.pacerelle.client.store;

import com.pacerelle.signal.ProtocolAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a reply to an inbound message goes.
 *
 * @param userId who sent the message
 * @param conversationId its conversation
 * @param deviceId the device it came from, or {@code null} if it named none
 */
public record ReplyContext(String userId, String conversationId, @Nullable String deviceId) {

	/**
	 * The address of the sessions with this device. Separators inside an id are escaped,
	 * so that no two triples of ids share a name.
	 * @return the address, which has the plain name if there is no device
	 */
	public ProtocolAddress address() {
		String name = "human:" + escape(this.userId) + ":" + escape(this.conversationId);
		return ProtocolAddress.of((this.deviceId != null) ? name + ":device:" + escape(this.deviceId) : name);
	}

	private static String escape(String id) {
		return (id.indexOf(':') < 0 && id.indexOf('%') < 0) ? id : id.replace("%", "%25").replace(":", "%3A");
	}

}
