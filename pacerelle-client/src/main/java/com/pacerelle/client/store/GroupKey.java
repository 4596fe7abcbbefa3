package com.pacerelle.client.store;

/**
 * A key that the members of a group share (gateway.md section 7). Its {@code toString()}
 * has no key.
 *
 * @param conversationId the group's conversation
 * @param keyId its id
 * @param epoch its epoch, from 1; members use the highest one
 * @param key the AES key, 32 bytes; secret
 */
public record GroupKey(String conversationId, String keyId, long epoch, byte[] key) {

	@Override
	public String toString() {
		return "GroupKey[conversationId=" + this.conversationId + ", keyId=" + this.keyId + ", epoch=" + this.epoch
				+ "]";
	}

}
