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
			ALTER TABLE history_keys RENAME TO conversation_history_keys;
			CREATE TABLE history_keys (
				conversation_id TEXT NOT NULL,
				recipient TEXT NOT NULL,
				device_id TEXT NOT NULL,
				identity_key BLOB,
				key_id TEXT NOT NULL,
				epoch INTEGER NOT NULL,
				key BLOB NOT NULL,
				delivered_at INTEGER NOT NULL,
				PRIMARY KEY (conversation_id, recipient, device_id)
			) STRICT, WITHOUT ROWID;
			-- Who delivered a key was not stored. Where one person is known, nobody else can
			-- have: it stays the key of the devices that it was used for. In a group, what is
			-- archived is what all members read anyway. Where several people are known, each
			-- may have delivered it: it is not used any more, until somebody delivers it again.
			INSERT INTO history_keys
				WITH people AS (
					SELECT conversation_id, min(user_id) AS user_id FROM known_identities
						WHERE conversation_id IN (SELECT conversation_id FROM conversation_history_keys)
						GROUP BY conversation_id HAVING min(user_id) = max(user_id)
				)
				SELECT h.conversation_id, k.user_id, k.device_id, k.identity_key, h.key_id, h.epoch, h.key,
					CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
					FROM conversation_history_keys h
					JOIN people p ON p.conversation_id = h.conversation_id
					JOIN known_identities k ON k.user_id = p.user_id AND k.conversation_id = p.conversation_id
					WHERE k.state = 'TRUSTED'
						AND h.conversation_id NOT IN (SELECT conversation_id FROM group_keys);
			INSERT INTO history_keys
				SELECT conversation_id, 'group:' || conversation_id, '', NULL, key_id, epoch, key,
					CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
					FROM conversation_history_keys
					WHERE conversation_id IN (SELECT conversation_id FROM group_keys);
			DROP TABLE conversation_history_keys;
			""", """
			ALTER TABLE group_keys RENAME TO given_group_keys;
			CREATE TABLE group_keys (
				conversation_id TEXT NOT NULL,
				epoch INTEGER NOT NULL,
				key_id TEXT NOT NULL,
				key BLOB NOT NULL,
				number INTEGER NOT NULL,
				given_by TEXT NOT NULL,
				given_at INTEGER NOT NULL,
				shared INTEGER NOT NULL,
				PRIMARY KEY (conversation_id, epoch, key_id)
			) STRICT, WITHOUT ROWID;
			CREATE UNIQUE INDEX group_keys_by_number ON group_keys (number);
			CREATE INDEX group_keys_by_member ON group_keys (conversation_id, given_by, epoch);
			INSERT INTO group_keys
				SELECT conversation_id, epoch, key_id, key, row_number() OVER (ORDER BY conversation_id, epoch, key_id),
					'', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), 0
					FROM given_group_keys;
			DROP TABLE given_group_keys;
			ALTER TABLE group_nonces RENAME TO dated_group_nonces;
			-- There is one row for each message, as long as the key is kept: it has to be small.
			CREATE TABLE group_nonces (
				key_number INTEGER NOT NULL,
				nonce BLOB NOT NULL,
				PRIMARY KEY (key_number, nonce)
			) STRICT, WITHOUT ROWID;
			INSERT INTO group_nonces
				SELECT number, nonce FROM dated_group_nonces JOIN group_keys USING (conversation_id, epoch, key_id);
			DROP TABLE dated_group_nonces;
			""", """
			-- Of those that are there, nobody knows: a prekey must not be handed out twice.
			ALTER TABLE prekeys ADD COLUMN published INTEGER NOT NULL DEFAULT 1;
			CREATE INDEX prekeys_published ON prekeys (kind, published);
			""", """
			ALTER TABLE agent ADD COLUMN time_passed INTEGER;
			-- An accepted message is there for weeks: a row has what is needed, and no more.
			CREATE TABLE reply_contexts (
				id INTEGER PRIMARY KEY,
				user_id TEXT NOT NULL,
				conversation_id TEXT NOT NULL,
				device_id TEXT NOT NULL,
				UNIQUE (user_id, conversation_id, device_id)
			) STRICT;
			CREATE TABLE receipts (
				id INTEGER PRIMARY KEY,
				message BLOB NOT NULL UNIQUE,
				digest BLOB NOT NULL,
				accepted_at INTEGER NOT NULL,
				context INTEGER NOT NULL
			) STRICT;
			""", """
			CREATE TABLE data_keys (
				number INTEGER PRIMARY KEY,
				key_id TEXT NOT NULL,
				sealed_key BLOB NOT NULL,
				created_at INTEGER NOT NULL
			) STRICT;
			ALTER TABLE agent ADD COLUMN vacuum_due INTEGER NOT NULL DEFAULT 0;
			-- What is sealed is bytes; what is not sealed is UTF-8.
			ALTER TABLE messages ADD COLUMN bytes BLOB;
			UPDATE messages SET bytes = CAST(payload AS BLOB) WHERE payload IS NOT NULL;
			ALTER TABLE messages DROP COLUMN payload;
			ALTER TABLE messages RENAME COLUMN bytes TO payload;
			ALTER TABLE outbox ADD COLUMN bytes BLOB;
			UPDATE outbox SET bytes = CAST(json AS BLOB) WHERE json IS NOT NULL;
			ALTER TABLE outbox DROP COLUMN json;
			ALTER TABLE outbox RENAME COLUMN bytes TO json;
			ALTER TABLE widgets ADD COLUMN data_bytes BLOB;
			ALTER TABLE widgets ADD COLUMN ballot_bytes BLOB;
			UPDATE widgets SET data_bytes = CAST(data AS BLOB), ballot_bytes = CAST(ballot AS BLOB);
			ALTER TABLE widgets DROP COLUMN data;
			ALTER TABLE widgets DROP COLUMN ballot;
			ALTER TABLE widgets RENAME COLUMN data_bytes TO data;
			ALTER TABLE widgets RENAME COLUMN ballot_bytes TO ballot;
			ALTER TABLE votes ADD COLUMN bytes BLOB NOT NULL DEFAULT x'';
			UPDATE votes SET bytes = CAST(vote AS BLOB);
			ALTER TABLE votes DROP COLUMN vote;
			ALTER TABLE votes RENAME COLUMN bytes TO vote;
			""", """
			ALTER TABLE messages ADD COLUMN envelope TEXT;
			CREATE INDEX messages_dead ON messages (settled_at) WHERE state = 'DEAD';
			CREATE TABLE failures (
				message_id TEXT NOT NULL PRIMARY KEY,
				attempts INTEGER NOT NULL,
				failure TEXT NOT NULL
			) STRICT, WITHOUT ROWID;
			""", """
			CREATE INDEX known_identities_by_key ON known_identities (user_id, identity_key, first_seen);
			""", """
			CREATE INDEX widgets_open ON widgets (conversation_id, issued_at) WHERE answered_by IS NULL;
			""", """
			CREATE INDEX known_identities_by_conversation ON known_identities (user_id, conversation_id)
				WHERE state = 'TRUSTED';
			""", """
			ALTER TABLE agent ADD COLUMN moved_to TEXT;
			ALTER TABLE agent ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
			""");

	/** Leads to the first version that has a row for each archived session. */
	private static final int SESSION_ROWS = 5;

	private static final String CREATE_RECEIPTS = "CREATE TABLE receipts";

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
				if (MIGRATIONS.get(from).contains(CREATE_RECEIPTS)) {
					Receipts.migrate(connection);
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
