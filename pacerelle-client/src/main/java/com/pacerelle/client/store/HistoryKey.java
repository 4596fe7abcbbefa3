package com.pacerelle.client.store;

/**
 * The key of a conversation's archive (gateway.md section 6). Its {@code toString()} has
 * no key.
 *
 * @param keyId its id
 * @param epoch its epoch, from 1
 * @param key the AES key, 32 bytes; secret
 */
public record HistoryKey(String keyId, long epoch, byte[] key) {

	@Override
	public String toString() {
		return "HistoryKey[keyId=" + this.keyId + ", epoch=" + this.epoch + "]";
	}

}
