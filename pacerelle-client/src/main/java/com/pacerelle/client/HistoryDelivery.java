package com.pacerelle.client;

import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.codec.AesGcm;
import com.pacerelle.client.history.HistoryContext;
import com.pacerelle.client.store.HistoryKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A payload in the wrapper that hands the agent a history key (gateway.md section 6). Its
 * {@code toString()} has no content.
 *
 * @param body the payload
 * @param key the key
 */
record HistoryDelivery(String body, HistoryKey key) {

	private static final String TYPE = "pacerelle.delivery";

	private static final Set<String> KEY_FIELDS = Set.of("key_id", "epoch", "raw_key_b64");

	static boolean isDelivery(ObjectNode payload) {
		return TYPE.equals(payload.path("type").stringValue(null));
	}

	/**
	 * Reads a wrapper.
	 * @param wrapper a payload that is one
	 * @return the payload and the key
	 * @throws PayloadRefusedException if it is not exactly as it must be
	 */
	static HistoryDelivery read(ObjectNode wrapper) throws PayloadRefusedException {
		String body = wrapper.path("body").stringValue(null);
		JsonNode key = wrapper.path("history_key");
		String keyId = key.path("key_id").stringValue(null);
		String rawKey = key.path("raw_key_b64").stringValue(null);
		if (!isOne(wrapper.path("v")) || body == null || !key.isObject()
				|| !KEY_FIELDS.equals(new TreeSet<>(key.propertyNames())) || !isOne(key.path("epoch")) || keyId == null
				|| keyId.length() > InboundFrame.MAX_ID_LENGTH || !HistoryContext.isIdentifier(keyId)
				|| rawKey == null) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		return new HistoryDelivery(body, new HistoryKey(keyId, 1, decodeKey(rawKey)));
	}

	private static byte[] decodeKey(String base64) throws PayloadRefusedException {
		try {
			byte[] key = Base64.getDecoder().decode(base64);
			if (key.length == AesGcm.KEY_SIZE) {
				return key;
			}
		}
		catch (IllegalArgumentException ex) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		throw new PayloadRefusedException(RejectionReason.MALFORMED);
	}

	private static boolean isOne(JsonNode node) {
		return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() == 1;
	}

	@Override
	public String toString() {
		return "HistoryDelivery[" + this.key + "]";
	}

}
