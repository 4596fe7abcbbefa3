package com.pacerelle.client.encryption;

import java.util.Base64;

import com.pacerelle.client.wire.InboundFrame;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A group's key, encrypted by a member for this agent (gateway.md section 7). Its
 * {@code toString()} has no content.
 *
 * @param id which key it is said to be
 * @param senderId the member
 * @param deviceId the member's device, or {@code null}
 * @param payload a framed message of the member's session
 */
public record GroupKeyEnvelope(GroupKeyId id, String senderId, @Nullable String deviceId, byte[] payload) {

	/**
	 * Reads an envelope.
	 * @param node an element of the relay's answer
	 * @return the envelope, or {@code null} if it is none
	 */
	static @Nullable GroupKeyEnvelope read(JsonNode node) {
		GroupKeyId id = GroupKeyId.read(node);
		String senderId = node.path("sender_id").stringValue(null);
		String device = node.path("sender_device_id").stringValue(null);
		String deviceId = (device == null || device.isEmpty()) ? null : device;
		String payload = node.path("envelope_b64").stringValue(null);
		if (id == null || senderId == null || !InboundFrame.isId(senderId) || payload == null
				|| (deviceId != null && !InboundFrame.isId(deviceId))) {
			return null;
		}
		try {
			return new GroupKeyEnvelope(id, senderId, deviceId, Base64.getDecoder().decode(payload));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return "GroupKeyEnvelope[" + this.id + ", senderId=" + this.senderId + "]";
	}

}
