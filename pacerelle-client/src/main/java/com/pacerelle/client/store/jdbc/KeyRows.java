package com.pacerelle.client.store.jdbc;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;

import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.signal.EcPublicKey;

/**
 * Keys of archives and groups as rows of their tables. A sealed key differs each time, so
 * that SQL cannot compare it.
 */
final class KeyRows {

	private KeyRows() {
	}

	/**
	 * Stores the key of an archive, unless the device has delivered another one under the
	 * same identity.
	 * @return whether the key is stored now
	 */
	static boolean create(Statements statements, Seal seal, KnownHistoryKey known) throws SQLException {
		String deviceId = ChangeWriter.orEmpty(known.deviceId());
		Object[] row = { known.conversationId(), known.recipient(), deviceId };
		HistoryKey key = known.key();
		byte[] identity = (known.identity() != null) ? known.identity().encode() : null;
		// Null if there is none, or one of another identity.
		Boolean same = statements.first(Sql.READ_HISTORY_KEY,
				(stored) -> stored.getString(1).equals(key.keyId()) && stored.getLong(2) == key.epoch() && MessageDigest
					.isEqual(seal.open(SealedColumn.HISTORY_KEY, stored.getBytes(3), row), key.key()),
				known.conversationId(), known.recipient(), deviceId, identity);
		if (same != null) {
			return same;
		}
		statements.update(Sql.SET_HISTORY_KEY, known.conversationId(), known.recipient(), deviceId, identity,
				key.keyId(), key.epoch(), seal.seal(SealedColumn.HISTORY_KEY, key.key(), row),
				known.deliveredAt().toEpochMilli());
		return true;
	}

	static KnownHistoryKey history(ResultSet row, Seal seal, String conversationId, String recipient)
			throws SQLException {
		String deviceId = row.getString(1);
		byte[] identity = row.getBytes(2);
		HistoryKey key = new HistoryKey(row.getString(3), row.getLong(4),
				seal.open(SealedColumn.HISTORY_KEY, row.getBytes(5), conversationId, recipient, deviceId));
		return new KnownHistoryKey(conversationId, recipient, deviceId.isEmpty() ? null : deviceId,
				(identity != null) ? EcPublicKey.decode(identity) : null, key, Instant.ofEpochMilli(row.getLong(6)));
	}

	/**
	 * Stores the key of a group, unless there is another one with its id and epoch.
	 * @return whether the key is stored now
	 */
	static boolean create(Statements statements, Seal seal, Change.GroupKeyReceived received) throws SQLException {
		GroupKey key = received.key();
		if (statements.update(Sql.CREATE_GROUP_KEY, key.conversationId(), key.keyId(), key.epoch(),
				seal.seal(SealedColumn.GROUP_KEY, key.key(), key.conversationId(), key.epoch(), key.keyId()),
				received.givenBy(), received.givenAt().toEpochMilli()) > 0) {
			return true;
		}
		GroupKey stored = statements.first(Sql.READ_GROUP_KEY, (row) -> group(row, seal, key.conversationId()),
				key.conversationId(), key.keyId(), key.epoch());
		return stored != null && MessageDigest.isEqual(stored.key(), key.key());
	}

	static GroupKey group(ResultSet row, Seal seal, String conversationId) throws SQLException {
		String keyId = row.getString(1);
		long epoch = row.getLong(2);
		return new GroupKey(conversationId, keyId, epoch,
				seal.open(SealedColumn.GROUP_KEY, row.getBytes(3), conversationId, epoch, keyId));
	}

}
