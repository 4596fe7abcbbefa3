package com.pacerelle.client.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Hands out the keys that seal a store, so that they can come from a key management
 * service. The store asks when it is opened, and once a minute for the current key; both
 * methods may block.
 */
public interface EncryptionKeys {

	/**
	 * The key that seals from now on. When it is another one than before, a store that is
	 * open seals everything again, little by little.
	 * @return the key
	 */
	EncryptionKey current();

	/**
	 * A key that sealed before, or the current one.
	 * @param id its id
	 * @return the key, or {@code null} if there is none with this id
	 */
	@Nullable EncryptionKey find(String id);

	/**
	 * A store has nothing any more that this key sealed. Backups of it may.
	 * @param store the store, for a log
	 * @param id the id of the key
	 */
	default void retired(String store, String id) {
	}

	/**
	 * Keys that are all known.
	 * @param current the key that seals
	 * @param previous keys that sealed before
	 * @return the keys
	 */
	static EncryptionKeys of(EncryptionKey current, List<EncryptionKey> previous) {
		return new KnownEncryptionKeys(current, previous);
	}

}
