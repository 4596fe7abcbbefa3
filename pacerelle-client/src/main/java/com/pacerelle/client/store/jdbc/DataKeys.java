package com.pacerelle.client.store.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Seals the values of a store with keys of its own, which the application's keys seal in
 * turn. Each opening of the store makes one, and no other opening seals with it: its
 * counter never repeats a nonce, also when a backup was put back.
 */
final class DataKeys implements Seal {

	private static final int KEY_LENGTH = 32;

	private final EncryptionKeys keys;

	private final SecureRandom random;

	// One that is not stored any more stays: a thread may have read a value before.
	private final Map<Integer, DataKey> opened = new ConcurrentHashMap<>();

	private volatile @Nullable DataKey current;

	private DataKeys(EncryptionKeys keys, SecureRandom random) {
		this.keys = keys;
		this.random = random;
	}

	/**
	 * Opens the keys of a store.
	 * @param stored the rows of its table, none if the store is not sealed
	 * @param keys the application's keys, {@code null} if it has none
	 * @param store where the store is
	 * @param random the source of the keys that are made
	 * @return the keys, or {@code null} if the store is not to be sealed
	 * @throws EncryptionKeyException if a key is missing or wrong
	 */
	static @Nullable DataKeys open(List<Row> stored, @Nullable EncryptionKeys keys, String store, SecureRandom random) {
		if (keys == null) {
			if (!stored.isEmpty()) {
				throw new EncryptionKeyException(
						"The store in " + store + " is encrypted, and there is no key."
								+ " It needs the key with the id '" + stored.get(stored.size() - 1).keyId() + "'",
						null);
			}
			return null;
		}
		DataKeys result = new DataKeys(keys, random);
		for (Row row : stored) {
			result.opened.put(row.number(), open(row, keys, store));
		}
		return result;
	}

	private static DataKey open(Row row, EncryptionKeys keys, String store) {
		EncryptionKey key = keys.find(row.keyId());
		if (key == null) {
			throw new EncryptionKeyException("The store in " + store + " is encrypted with the key with the id '"
					+ row.keyId() + "', which is not among the given ones", null);
		}
		try {
			return row.open(key);
		}
		catch (GeneralSecurityException ex) {
			throw new EncryptionKeyException("The store in " + store + " is encrypted, and the key with the id '"
					+ row.keyId() + "' does not open it", ex);
		}
	}

	/**
	 * Makes the data key that this opening of the store seals with, and seals what was
	 * not sealed.
	 * @param statements run in a transaction of the caller
	 * @return whether there was something that was not sealed
	 * @throws SQLException if the database refuses
	 */
	boolean begin(Statements statements) throws SQLException {
		boolean plain = this.opened.isEmpty();
		Made made = make();
		made.store(statements);
		use(made);
		return plain && SealedRows.sealAll(statements, this);
	}

	/**
	 * Whether what is sealed now is sealed under the key that the application wants.
	 * @return whether it is
	 */
	boolean isCurrent() {
		return this.keys.current().id().equals(current().keyId());
	}

	/**
	 * Makes a data key. It must not be used before its row is stored.
	 * @return the key and its row
	 */
	Made make() {
		EncryptionKey key = this.keys.current();
		int number = 1 + this.opened.keySet().stream().max(Integer::compare).orElse(0);
		byte[] bytes = new byte[KEY_LENGTH];
		this.random.nextBytes(bytes);
		byte[] nonce = new byte[SealedValue.NONCE_LENGTH];
		this.random.nextBytes(nonce);
		try {
			Row row = new Row(number, key.id(),
					SealedValue.seal(aes(key), nonce, Row.associatedData(number, key.id()), bytes));
			EncryptionKey found = this.keys.find(key.id());
			if (found == null) {
				throw new StoreException("The current encryption key '" + key.id() + "' is not found by its id", null);
			}
			Made made = new Made(row.open(found), row);
			// Also when nobody learns that the row was stored, its number is taken.
			this.opened.put(number, made.key());
			return made;
		}
		catch (GeneralSecurityException ex) {
			throw new StoreException(
					"Another encryption key than the current one is found by its id '" + key.id() + "'", ex);
		}
		finally {
			Arrays.fill(bytes, (byte) 0);
		}
	}

	/**
	 * Seals with a data key from now on.
	 * @param made the key, whose row is stored
	 */
	void use(Made made) {
		this.current = made.key();
	}

	/**
	 * Whether a value was sealed under another key of the application than the present
	 * one.
	 * @param sealed the value
	 * @return whether it has to be sealed again
	 */
	boolean isOutdated(byte[] sealed) {
		DataKey key = this.opened.get(SealedValue.dataKey(sealed));
		return key != null && !key.keyId().equals(current().keyId());
	}

	/**
	 * Deletes the data keys that nothing was sealed with.
	 * @param statements run in a transaction of the caller
	 * @param used the numbers of those that are used
	 * @return the ids of the application's keys that sealed only such ones
	 * @throws SQLException if the database refuses
	 */
	List<String> deleteAllBut(Statements statements, Set<Integer> used) throws SQLException {
		List<Row> stored = rows(statements);
		List<Row> kept = stored.stream()
			.filter((row) -> row.number() == current().number() || used.contains(row.number()))
			.toList();
		for (Row row : stored) {
			if (!kept.contains(row)) {
				statements.update(Sql.DELETE_DATA_KEY, row.number());
			}
		}
		Set<String> needed = Set.copyOf(kept.stream().map(Row::keyId).toList());
		return stored.stream().map(Row::keyId).distinct().filter((id) -> !needed.contains(id)).toList();
	}

	void retired(String store, String keyId) {
		this.keys.retired(store, keyId);
	}

	static List<Row> rows(Statements statements) throws SQLException {
		return statements.all(Sql.READ_DATA_KEYS, (row) -> new Row(row.getInt(1), row.getString(2), row.getBytes(3)));
	}

	@Override
	public byte[] seal(SealedColumn column, byte[] value, Object... key) {
		DataKey dataKey = current();
		return SealedValue.seal(dataKey.key(), dataKey.nextNonce(), column.associatedData(key), value);
	}

	@Override
	public byte[] open(SealedColumn column, byte[] stored, Object... key) {
		DataKey dataKey = this.opened.get(SealedValue.dataKey(stored));
		if (dataKey == null) {
			throw refused(column, null);
		}
		try {
			return SealedValue.open(dataKey.key(), column.associatedData(key), stored);
		}
		catch (GeneralSecurityException ex) {
			throw refused(column, ex);
		}
	}

	private DataKey current() {
		DataKey key = this.current;
		if (key == null) {
			throw new IllegalStateException("There is no data key yet");
		}
		return key;
	}

	private static StoreException refused(SealedColumn column, @Nullable Exception cause) {
		return new StoreException(
				"A value of " + column + " was not sealed for its row: it was changed or moved. Put a backup back",
				cause);
	}

	private static SecretKey aes(EncryptionKey key) {
		byte[] bytes = key.key();
		try {
			return new SecretKeySpec(bytes, "AES");
		}
		finally {
			Arrays.fill(bytes, (byte) 0);
		}
	}

	/**
	 * A data key that was made.
	 *
	 * @param key the key
	 * @param row its row
	 */
	record Made(DataKey key, Row row) {

		void store(Statements statements) throws SQLException {
			statements.update(Sql.CREATE_DATA_KEY, this.row.number(), this.row.keyId(), this.row.sealedKey(),
					Instant.now().toEpochMilli());
		}

	}

	/**
	 * A key that seals values.
	 *
	 * @param number names it in this store
	 * @param keyId the application's key that seals it
	 * @param key the AES key
	 * @param counter how many values it has sealed
	 */
	record DataKey(int number, String keyId, SecretKey key, AtomicLong counter) {

		byte[] nextNonce() {
			return ByteBuffer.allocate(SealedValue.NONCE_LENGTH)
				.putInt(this.number)
				.putLong(this.counter.getAndIncrement())
				.array();
		}

		@Override
		public String toString() {
			return "DataKey[number=" + this.number + "]";
		}

	}

	/**
	 * How a data key is stored.
	 *
	 * @param number names it in this store
	 * @param keyId the application's key that seals it
	 * @param sealedKey the sealed key
	 */
	record Row(int number, String keyId, byte[] sealedKey) {

		private static final byte[] TABLE = "data_keys".getBytes(StandardCharsets.US_ASCII);

		DataKey open(EncryptionKey key) throws GeneralSecurityException {
			byte[] bytes = SealedValue.open(aes(key), associatedData(this.number, this.keyId), this.sealedKey);
			try {
				return new DataKey(this.number, this.keyId, new SecretKeySpec(bytes, "AES"), new AtomicLong());
			}
			finally {
				Arrays.fill(bytes, (byte) 0);
			}
		}

		private static byte[] associatedData(int number, String keyId) {
			byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
			return ByteBuffer.allocate(TABLE.length + Integer.BYTES + id.length)
				.put(TABLE)
				.putInt(number)
				.put(id)
				.array();
		}

	}

}
