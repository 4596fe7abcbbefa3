package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import com.pacerelle.client.store.StoreException;

/**
 * The tables, and the migrations from older versions. SQLite keeps the version in the
 * header of the file ({@code PRAGMA user_version}).
 */
final class Schema {

	/** The n-th script migrates from version n to version n + 1; none is ever changed. */
	static final List<String> MIGRATIONS = List.of("""
			CREATE TABLE agent (
				id INTEGER PRIMARY KEY CHECK (id = 1),
				identity_key BLOB NOT NULL,
				registration_id INTEGER NOT NULL,
				next_prekey_id INTEGER NOT NULL,
				signed_prekey_id INTEGER,
				kyber_prekey_id INTEGER
			) STRICT;
			CREATE TABLE prekeys (
				kind TEXT NOT NULL,
				id INTEGER NOT NULL,
				created_at INTEGER NOT NULL,
				public_key BLOB,
				private_key BLOB NOT NULL,
				signature BLOB,
				PRIMARY KEY (kind, id)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX prekeys_by_age ON prekeys (kind, created_at);
			CREATE TABLE base_keys (
				kyber_prekey_id INTEGER NOT NULL,
				signed_prekey_id INTEGER NOT NULL,
				base_key BLOB NOT NULL,
				PRIMARY KEY (kyber_prekey_id, signed_prekey_id, base_key)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX base_keys_by_signed_prekey ON base_keys (signed_prekey_id);
			CREATE TABLE sessions (
				name TEXT NOT NULL,
				device INTEGER NOT NULL,
				record BLOB NOT NULL,
				PRIMARY KEY (name, device)
			) STRICT;
			CREATE TABLE identities (
				name TEXT NOT NULL,
				device INTEGER NOT NULL,
				identity_key BLOB NOT NULL,
				PRIMARY KEY (name, device)
			) STRICT, WITHOUT ROWID;
			CREATE TABLE messages (
				id TEXT NOT NULL UNIQUE,
				digest BLOB NOT NULL,
				state TEXT NOT NULL,
				received_at INTEGER NOT NULL,
				settled_at INTEGER,
				user_id TEXT,
				conversation_id TEXT,
				device_id TEXT,
				payload TEXT
			) STRICT;
			CREATE INDEX messages_by_settlement ON messages (settled_at) WHERE settled_at IS NOT NULL;
			CREATE TABLE conversations (
				user_id TEXT NOT NULL,
				conversation_id TEXT NOT NULL,
				last_device_id TEXT,
				PRIMARY KEY (user_id, conversation_id)
			) STRICT, WITHOUT ROWID;
			CREATE TABLE devices (
				user_id TEXT NOT NULL,
				device_id TEXT NOT NULL,
				conversation_id TEXT NOT NULL,
				plain_name INTEGER NOT NULL,
				PRIMARY KEY (user_id, device_id, conversation_id)
			) STRICT, WITHOUT ROWID;
			CREATE TABLE outbox (
				sequence INTEGER PRIMARY KEY,
				json TEXT
			) STRICT;
			""", """
			CREATE TABLE polls (
				conversation_id TEXT NOT NULL,
				widget_id TEXT NOT NULL,
				ballot TEXT NOT NULL,
				sent_at INTEGER NOT NULL,
				PRIMARY KEY (conversation_id, widget_id)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX polls_by_age ON polls (sent_at);
			CREATE TABLE votes (
				conversation_id TEXT NOT NULL,
				widget_id TEXT NOT NULL,
				user_id TEXT NOT NULL,
				vote TEXT NOT NULL,
				PRIMARY KEY (conversation_id, widget_id, user_id)
			) STRICT, WITHOUT ROWID;
			""", """
			CREATE TABLE asked (
				message_id TEXT NOT NULL,
				widget_id TEXT NOT NULL,
				asked_at INTEGER NOT NULL,
				expires_at INTEGER,
				PRIMARY KEY (message_id, widget_id)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX asked_by_age ON asked (asked_at);
			""", """
			CREATE TABLE history_keys (
				conversation_id TEXT NOT NULL PRIMARY KEY,
				key_id TEXT NOT NULL,
				epoch INTEGER NOT NULL,
				key BLOB NOT NULL
			) STRICT, WITHOUT ROWID;
			CREATE TABLE group_keys (
				conversation_id TEXT NOT NULL,
				epoch INTEGER NOT NULL,
				key_id TEXT NOT NULL,
				key BLOB NOT NULL,
				PRIMARY KEY (conversation_id, epoch, key_id)
			) STRICT, WITHOUT ROWID;
			CREATE TABLE group_nonces (
				conversation_id TEXT NOT NULL,
				epoch INTEGER NOT NULL,
				key_id TEXT NOT NULL,
				nonce BLOB NOT NULL,
				used_at INTEGER NOT NULL,
				PRIMARY KEY (conversation_id, epoch, key_id, nonce)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX group_nonces_by_age ON group_nonces (used_at);
			""", """
			CREATE TABLE known_identities (
				user_id TEXT NOT NULL,
				device_id TEXT NOT NULL,
				conversation_id TEXT NOT NULL,
				identity_key BLOB NOT NULL,
				first_seen INTEGER NOT NULL,
				state TEXT NOT NULL,
				PRIMARY KEY (user_id, device_id, conversation_id)
			) STRICT, WITHOUT ROWID;
			-- Names are 'human:<user>:<conversation>[:device:<device>]', with ':' and '%' of
			-- the ids escaped. When an identity was first seen is not known: it is now.
			INSERT INTO known_identities
				WITH names AS (
					SELECT identity_key, substr(name, 7) AS name FROM identities WHERE name LIKE 'human:%:%'
				), people AS (
					SELECT identity_key, substr(name, 1, instr(name, ':') - 1) AS user,
						substr(name, instr(name, ':') + 1) AS place FROM names
				), places AS (
					SELECT identity_key, user,
						iif(instr(place, ':device:') = 0, place, substr(place, 1, instr(place, ':device:') - 1))
							AS conversation,
						iif(instr(place, ':device:') = 0, '', substr(place, instr(place, ':device:') + 8)) AS device
						FROM people
				)
				SELECT replace(replace(user, '%3A', ':'), '%25', '%'),
					replace(replace(device, '%3A', ':'), '%25', '%'),
					replace(replace(conversation, '%3A', ':'), '%25', '%'), identity_key,
					CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), 'TRUSTED' FROM places;
			INSERT INTO known_identities
				SELECT d.user_id, d.device_id, d.conversation_id, k.identity_key, k.first_seen, k.state
					FROM devices d JOIN known_identities k ON k.user_id = d.user_id AND k.device_id = ''
						AND k.conversation_id = d.conversation_id
					WHERE d.plain_name = 1
					ON CONFLICT DO NOTHING;
			""", """
			ALTER TABLE sessions RENAME TO session_records;
			CREATE TABLE sessions (
				name TEXT NOT NULL,
				device INTEGER NOT NULL,
				version INTEGER NOT NULL,
				session BLOB NOT NULL,
				PRIMARY KEY (name, device)
			) STRICT;
			CREATE TABLE archived_sessions (
				id INTEGER PRIMARY KEY,
				name TEXT NOT NULL,
				device INTEGER NOT NULL,
				base_key BLOB NOT NULL,
				session BLOB NOT NULL
			) STRICT;
			CREATE UNIQUE INDEX archived_sessions_by_base_key ON archived_sessions (name, device, base_key);
			CREATE INDEX archived_sessions_by_peer ON archived_sessions (name, device);
			CREATE TABLE archived_ratchet_keys (
				name TEXT NOT NULL,
				device INTEGER NOT NULL,
				ratchet_key BLOB NOT NULL,
				session_id INTEGER NOT NULL,
				PRIMARY KEY (name, device, ratchet_key, session_id)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX archived_ratchet_keys_by_session ON archived_ratchet_keys (session_id);
			""", """
			CREATE INDEX messages_rejected ON messages (state, settled_at) WHERE state = 'REJECTED';
			""", """
			CREATE INDEX known_identities_waiting ON known_identities (state) WHERE state IN ('WAITING', 'ASKED');
			CREATE INDEX messages_waiting ON messages (user_id, coalesce(device_id, '')) WHERE state = 'WAITING';
			""", """
			CREATE TABLE widgets (
				conversation_id TEXT NOT NULL,
				widget_id TEXT NOT NULL,
				recipient TEXT NOT NULL,
				addressee TEXT NOT NULL,
				asked_by TEXT NOT NULL,
				issued_at INTEGER NOT NULL,
				expires_at INTEGER,
				answering TEXT NOT NULL,
				data TEXT,
				ballot TEXT,
				answered_by TEXT,
				PRIMARY KEY (conversation_id, widget_id, recipient, addressee, asked_by)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX widgets_by_age ON widgets (issued_at);
			-- No identity is known since before its migration: these questions begin now.
			INSERT INTO widgets (conversation_id, widget_id, recipient, addressee, asked_by, issued_at, expires_at,
				answering)
				SELECT conversation_id, widget_id, user_id, user_id, message_id,
					CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), expires_at, 'ONCE'
				FROM asked JOIN messages ON messages.id = asked.message_id
				WHERE user_id IS NOT NULL AND conversation_id IS NOT NULL;
			INSERT INTO widgets (conversation_id, widget_id, recipient, addressee, asked_by, issued_at, answering,
				ballot)
				SELECT conversation_id, widget_id, 'group:' || conversation_id, '', '', sent_at, 'COLLECTIVE', ballot
				FROM polls;
			DROP TABLE asked;
			DROP TABLE polls;
			""", """
			ALTER TABLE messages ADD COLUMN envelope TEXT;
			CREATE INDEX messages_dead ON messages (settled_at) WHERE state = 'DEAD';
			CREATE TABLE failures (
				message_id TEXT NOT NULL PRIMARY KEY,
				attempts INTEGER NOT NULL,
				failure TEXT NOT NULL
			) STRICT, WITHOUT ROWID;
			""");

	/** Leads to the first version that has a row for each archived session. */
	private static final int SESSION_ROWS = 5;

	/** The version that this code reads and writes. */
	static final int VERSION = MIGRATIONS.size();

	private Schema() {
	}

	/**
	 * Migrates the tables to {@link #VERSION}.
	 * @param connection a connection with a transaction of the caller
	 * @param directory where the database is
	 * @throws SQLException if the database refuses
	 * @throws StoreException if the database is newer than this code
	 */
	static void migrate(Connection connection, StoreDirectory directory) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			int version = version(statement);
			if (version > VERSION) {
				throw new StoreException("The store in " + directory + " has schema version " + version
						+ ", and this version of Pacerelle knows " + VERSION + ": use the newer one that wrote it",
						null);
			}
			for (int from = version; from < VERSION; from++) {
				statement.executeUpdate(MIGRATIONS.get(from));
				if (from == SESSION_ROWS) {
					SessionRecordSplit.run(connection);
				}
			}
			statement.executeUpdate("PRAGMA user_version = " + VERSION);
		}
	}

	private static int version(Statement statement) throws SQLException {
		try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
			return row.getInt(1);
		}
	}

}
