package com.pacerelle.client.store.jdbc;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * What stands between a secret and its column. Safe from any thread.
 */
interface Seal {

	/** Of a store without a key: values are stored as they are. */
	Seal NONE = new Seal() {

		@Override
		public byte[] seal(SealedColumn column, byte[] value, Object... key) {
			return value;
		}

		@Override
		public byte[] open(SealedColumn column, byte[] stored, Object... key) {
			return stored;
		}

	};

	/**
	 * Seals a value.
	 * @param column where it is stored
	 * @param value the secret
	 * @param key the key of its row
	 * @return what is stored
	 */
	byte[] seal(SealedColumn column, byte[] value, Object... key);

	/**
	 * Opens what was sealed for this row.
	 * @param column where it is stored
	 * @param stored what is stored
	 * @param key the key of its row
	 * @return the secret
	 * @throws com.pacerelle.client.store.StoreException if it was not sealed for this row
	 */
	byte[] open(SealedColumn column, byte[] stored, Object... key);

	default byte @Nullable [] sealText(SealedColumn column, @Nullable String text, Object... key) {
		return (text != null) ? seal(column, text.getBytes(StandardCharsets.UTF_8), key) : null;
	}

	default String openText(SealedColumn column, byte[] stored, Object... key) {
		return new String(open(column, stored, key), StandardCharsets.UTF_8);
	}

}
