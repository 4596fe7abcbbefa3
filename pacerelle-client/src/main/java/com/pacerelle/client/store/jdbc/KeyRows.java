package com.pacerelle.client.store.jdbc;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;

import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import org.jspecify.annotations.Nullable;

/**
 * Keys of archives and groups as rows of their tables: key id, epoch, key. A sealed key
 * differs each time, so that SQL cannot compare it.
 */
final class KeyRows {

	private KeyRows() {
	}

	/** Whether the key is stored now, and no other one was. */
	static boolean create(Statements statements, Seal seal, String conversationId, HistoryKey key) throws SQLException {
		if (statements.update(Sql.CREATE_HISTORY_KEY, conversationId, key.keyId(), key.epoch(),
				seal.seal(SealedColumn.HISTORY_KEY, key.key(), conversationId)) > 0) {
			return true;
		}
		HistoryKey stored = history(statements, seal, conversationId);
		return stored != null && stored.keyId().equals(key.keyId()) && stored.epoch() == key.epoch()
				&& MessageDigest.isEqual(stored.key(), key.key());
	}

	static @Nullable HistoryKey history(Statements statements, Seal seal, String conversationId) throws SQLException {
		return statements.first(Sql.READ_HISTORY_KEY, (row) -> new HistoryKey(row.getString(1), row.getLong(2),
				seal.open(SealedColumn.HISTORY_KEY, row.getBytes(3), conversationId)), conversationId);
	}

	/** Whether the key is stored now, and no other one was. */
	static boolean create(Statements statements, Seal seal, GroupKey key) throws SQLException {
		if (statements.update(Sql.CREATE_GROUP_KEY, key.conversationId(), key.keyId(), key.epoch(),
				seal.seal(SealedColumn.GROUP_KEY, key.key(), key.conversationId(), key.epoch(), key.keyId())) > 0) {
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
