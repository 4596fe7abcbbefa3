package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.session.SessionRecord;

/**
 * The part of a migration that SQL cannot do: up to schema version 4 all sessions with a
 * peer were one record. Nothing was sealed then.
 */
final class SessionRecordSplit {

	private SessionRecordSplit() {
	}

	static void run(Connection connection) throws SQLException {
		ChangeWriter writer = new ChangeWriter(Statements.ofSqlite(connection), Seal.NONE, new AtomicInteger());
		try (Statement statement = connection.createStatement()) {
			try (ResultSet row = statement.executeQuery("SELECT name, device, record FROM session_records")) {
				while (row.next()) {
					for (StoreChange change : split(new ProtocolAddress(row.getString(1), row.getInt(2)),
							row.getBytes(3))) {
						writer.write(change);
					}
				}
			}
			statement.executeUpdate("DROP TABLE session_records");
		}
	}

	private static List<StoreChange> split(ProtocolAddress peer, byte[] record) {
		try {
			return SessionRecord.decode(record).changes(peer);
		}
		catch (IllegalStateException ex) {
			// Its peer gets the same error as before, and all others are served.
			return List.of(new StoreChange.SessionUpdated(peer, 0, record));
		}
	}

}
