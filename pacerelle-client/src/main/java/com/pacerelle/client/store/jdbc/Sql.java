package com.pacerelle.client.store.jdbc;

/**
 * Every statement that a store runs after it was opened, besides those of
 * {@link SealedColumn}. Each finds its rows by a key, so that none gets slower as the
 * tables grow; {@code ?1}, {@code ?2} are the parameters in their order, and {@code ?0}
 * is the number of the agent. {@link Dialect} says them to a database.
 */
enum Sql {

	BEGIN("BEGIN IMMEDIATE"),

	COMMIT("COMMIT"),

	ROLL_BACK("ROLLBACK"),

	SAVE("SAVEPOINT batch"),

	RELEASE("RELEASE batch"),

	ROLL_BACK_TO_SAVEPOINT("ROLLBACK TO batch"),

	READ_AGENT("SELECT identity_key, registration_id FROM agent WHERE agent = ?0 AND id = 1"),

	CREATE_AGENT(
			"INSERT INTO agent (agent, id, identity_key, registration_id, next_prekey_id) VALUES (?0, 1, ?1, ?2, ?3)"),

	READ_MOVED_TO("SELECT moved_to FROM agent WHERE agent = ?0 AND id = 1 AND moved_to IS NOT NULL"),

	SET_MOVED_TO("UPDATE agent SET moved_to = ?1 WHERE agent = ?0 AND id = 1"),

	READ_GENERATION("SELECT generation FROM agent WHERE agent = ?0 AND id = 1"),

	NEXT_GENERATION("UPDATE agent SET generation = generation + 1 WHERE agent = ?0 AND id = 1"),

	FORGET_CURRENT_PREKEYS(
			"UPDATE agent SET signed_prekey_id = NULL, kyber_prekey_id = NULL WHERE agent = ?0 AND id = 1"),

	SET_ALL_PREKEYS_PUBLISHED("UPDATE prekeys SET published = 1 WHERE agent = ?0 AND kind = ?1 AND published = 0"),

	READ_NEXT_PREKEY_ID("SELECT next_prekey_id FROM agent WHERE agent = ?0 AND id = 1"),

	ADVANCE_NEXT_PREKEY_ID("UPDATE agent SET next_prekey_id = next_prekey_id + ?1 WHERE agent = ?0 AND id = 1"
			+ " AND next_prekey_id + ?1 <= 2147483648"),

	SET_CURRENT_SIGNED_PREKEY("UPDATE agent SET signed_prekey_id = ?1 WHERE agent = ?0 AND id = 1"),

	SET_CURRENT_KYBER_PREKEY("UPDATE agent SET kyber_prekey_id = ?1 WHERE agent = ?0 AND id = 1"),

	READ_PREKEY(
			"SELECT id, created_at, public_key, private_key, signature FROM prekeys WHERE agent = ?0 AND kind = ?1 AND id = ?2"),

	READ_CURRENT_SIGNED_PREKEY("SELECT id, created_at, public_key, private_key, signature FROM prekeys"
			+ " WHERE agent = ?0 AND kind = ?1 AND id = (SELECT signed_prekey_id FROM agent WHERE agent = ?0 AND id = 1)"),

	READ_CURRENT_KYBER_PREKEY("SELECT id, created_at, public_key, private_key, signature FROM prekeys"
			+ " WHERE agent = ?0 AND kind = ?1 AND id = (SELECT kyber_prekey_id FROM agent WHERE agent = ?0 AND id = 1)"),

	COUNT_PREKEYS("SELECT count(*) FROM prekeys WHERE agent = ?0 AND kind = ?1"),

	IS_PREKEY_PUBLISHED("SELECT 1 FROM prekeys WHERE agent = ?0 AND kind = ?1 AND published = 1 LIMIT 1"),

	READ_UNPUBLISHED_PREKEYS("SELECT id, created_at, public_key, private_key, signature FROM prekeys"
			+ " WHERE agent = ?0 AND kind = ?1 AND published = 0 ORDER BY id"),

	SET_PREKEY_PUBLISHED("UPDATE prekeys SET published = 1 WHERE agent = ?0 AND kind = ?1 AND id = ?2"),

	CREATE_PREKEY("INSERT INTO prekeys (agent, kind, id, created_at, public_key, private_key, signature, published)"
			+ " VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6, 0) ON CONFLICT DO NOTHING"),

	DELETE_PREKEY("DELETE FROM prekeys WHERE agent = ?0 AND kind = ?1 AND id = ?2"),

	FIND_REPLACED_SIGNED_PREKEYS("SELECT id FROM prekeys WHERE agent = ?0 AND kind = ?1 AND created_at < ?2"
			+ " AND id IS DISTINCT FROM (SELECT signed_prekey_id FROM agent WHERE agent = ?0 AND id = 1)"),

	FIND_REPLACED_KYBER_PREKEYS("SELECT id FROM prekeys WHERE agent = ?0 AND kind = ?1 AND created_at < ?2"
			+ " AND id IS DISTINCT FROM (SELECT kyber_prekey_id FROM agent WHERE agent = ?0 AND id = 1)"),

	EXPIRE_ONE_TIME_PREKEYS("DELETE FROM prekeys WHERE agent = ?0 AND kind = ?1 AND id IN"
			+ " (SELECT id FROM prekeys WHERE agent = ?0 AND kind = ?1 AND created_at < ?2 LIMIT ?3)"),

	READ_TIME_PASSED("SELECT time_passed FROM agent WHERE agent = ?0 AND id = 1 AND time_passed IS NOT NULL"),

	SET_TIME_PASSED("UPDATE agent SET time_passed = ?1 WHERE agent = ?0 AND id = 1"),

	IS_BASE_KEY_SEEN(
			"SELECT 1 FROM base_keys WHERE agent = ?0 AND kyber_prekey_id = ?1 AND signed_prekey_id = ?2 AND base_key = ?3"),

	CREATE_BASE_KEY("INSERT INTO base_keys (agent, kyber_prekey_id, signed_prekey_id, base_key) VALUES (?0, ?1, ?2, ?3)"
			+ " ON CONFLICT DO NOTHING"),

	DELETE_BASE_KEYS_OF_SIGNED_PREKEY("DELETE FROM base_keys WHERE agent = ?0 AND signed_prekey_id = ?1"),

	DELETE_BASE_KEYS_OF_KYBER_PREKEY("DELETE FROM base_keys WHERE agent = ?0 AND kyber_prekey_id = ?1"),

	READ_SESSION("SELECT version, session FROM sessions WHERE agent = ?0 AND name = ?1 AND device = ?2"),

	CREATE_SESSION("INSERT INTO sessions (agent, name, device, version, session) VALUES (?0, ?1, ?2, 1, ?3)"
			+ " ON CONFLICT DO NOTHING"),

	REPLACE_SESSION("UPDATE sessions SET version = version + 1, session = ?4"
			+ " WHERE agent = ?0 AND name = ?1 AND device = ?2 AND version = ?3"),

	DELETE_SESSION("DELETE FROM sessions WHERE agent = ?0 AND name = ?1 AND device = ?2"),

	READ_ARCHIVED_SESSION("SELECT session FROM archived_sessions"
			+ " WHERE agent = ?0 AND name = ?1 AND device = ?2 AND base_key = ?3"),

	READ_ARCHIVED_SESSION_THAT_KNOWS(
			"SELECT session, base_key FROM archived_sessions WHERE agent = ?0 AND id = (SELECT max(session_id)"
					+ " FROM archived_ratchet_keys WHERE agent = ?0 AND name = ?1 AND device = ?2 AND ratchet_key = ?3)"),

	READ_ARCHIVED_SESSIONS(
			"SELECT session, base_key FROM archived_sessions WHERE agent = ?0 AND name = ?1 AND device = ?2"
					+ " ORDER BY id DESC"),

	FIND_ARCHIVED_SESSION(
			"SELECT id FROM archived_sessions WHERE agent = ?0 AND name = ?1 AND device = ?2 AND base_key = ?3"),

	FIND_OLD_ARCHIVED_SESSIONS("SELECT id FROM archived_sessions WHERE agent = ?0 AND name = ?1 AND device = ?2"
			+ " ORDER BY id DESC LIMIT -1 OFFSET ?3"),

	ARCHIVE_SESSION("INSERT INTO archived_sessions (agent, name, device, base_key, session) VALUES (?0, ?1, ?2, ?3, ?4)"
			+ " RETURNING id"),

	ARCHIVE_RATCHET_KEY("INSERT INTO archived_ratchet_keys (agent, name, device, ratchet_key, session_id)"
			+ " VALUES (?0, ?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"),

	DELETE_ARCHIVED_SESSION("DELETE FROM archived_sessions WHERE agent = ?0 AND id = ?1"),

	DELETE_ARCHIVED_RATCHET_KEYS("DELETE FROM archived_ratchet_keys WHERE agent = ?0 AND session_id = ?1"),

	READ_IDENTITY("SELECT identity_key FROM identities WHERE agent = ?0 AND name = ?1 AND device = ?2"),

	CREATE_IDENTITY("INSERT INTO identities (agent, name, device, identity_key) VALUES (?0, ?1, ?2, ?3)"
			+ " ON CONFLICT (agent, name, device) DO UPDATE SET identity_key = excluded.identity_key"
			+ " WHERE identities.identity_key = excluded.identity_key"),

	DELETE_IDENTITY("DELETE FROM identities WHERE agent = ?0 AND name = ?1 AND device = ?2 AND identity_key = ?3"),

	READ_RECEIPT("SELECT digest, state, payload, received_at FROM messages WHERE agent = ?0 AND id = ?1"),

	READ_MESSAGE("SELECT state, user_id, conversation_id, device_id, payload, envelope, received_at FROM messages"
			+ " WHERE agent = ?0 AND id = ?1 AND user_id IS NOT NULL"),

	READ_REPLY_CONTEXT("SELECT user_id, conversation_id, device_id FROM messages"
			+ " WHERE agent = ?0 AND id = ?1 AND user_id IS NOT NULL"),

	CREATE_MESSAGE("INSERT INTO messages"
			+ " (agent, id, digest, state, received_at, user_id, conversation_id, device_id, payload, envelope)"
			+ " VALUES (?0, ?1, ?2, ?8, ?3, ?4, ?5, ?6, ?7, ?9)"
			+ " ON CONFLICT (agent, id) DO UPDATE SET digest = excluded.digest, state = excluded.state,"
			+ " received_at = excluded.received_at, settled_at = NULL, user_id = excluded.user_id,"
			+ " conversation_id = excluded.conversation_id, device_id = excluded.device_id,"
			+ " payload = excluded.payload, envelope = excluded.envelope"
			+ " WHERE messages.state = 'REJECTED' OR (messages.state = 'WAITING' AND excluded.state = 'PENDING')"),

	READ_PENDING_MESSAGE("SELECT digest, user_id, conversation_id, device_id FROM messages"
			+ " WHERE agent = ?0 AND id = ?1 AND state IN ('PENDING', 'DEAD')"),

	READ_ATTEMPTS("SELECT attempts FROM failures WHERE agent = ?0 AND message_id = ?1"),

	SET_FAILURE("INSERT INTO failures (agent, message_id, attempts, failure) SELECT ?0, ?1, ?2, ?3"
			+ " WHERE EXISTS (SELECT 1 FROM messages WHERE agent = ?0 AND id = ?1 AND state IN ('PENDING', 'DEAD'))"
			+ " ON CONFLICT (agent, message_id) DO UPDATE SET attempts = excluded.attempts, failure = excluded.failure"),

	DELETE_FAILURE("DELETE FROM failures WHERE agent = ?0 AND message_id = ?1"),

	BURY_MESSAGE("UPDATE messages SET state = 'DEAD', settled_at = ?2"
			+ " WHERE agent = ?0 AND id = ?1 AND state IN ('PENDING', 'DEAD')"),

	DELETE_WIDGETS_OF_MESSAGE("DELETE FROM widgets WHERE agent = ?0 AND asked_by = ?1"
			+ " AND conversation_id = (SELECT conversation_id FROM messages WHERE agent = ?0 AND id = ?1)"),

	READ_DEAD_LETTERS("SELECT id, user_id, conversation_id, device_id, received_at, settled_at,"
			+ " coalesce(attempts, 0), coalesce(failure, '') FROM messages LEFT JOIN failures"
			+ " ON failures.agent = ?0 AND message_id = id WHERE messages.agent = ?0 AND state = 'DEAD' AND settled_at >= 0 ORDER BY settled_at"),

	FIND_OLD_DEAD_LETTERS("SELECT id FROM messages WHERE agent = ?0 AND state = 'DEAD' AND settled_at < ?1 LIMIT ?2"),

	FIND_SURPLUS_DEAD_LETTERS("SELECT id FROM messages WHERE agent = ?0 AND state = 'DEAD' AND settled_at >= 0"
			+ " ORDER BY settled_at DESC LIMIT -1 OFFSET ?1"),

	DELETE_MESSAGE("DELETE FROM messages WHERE agent = ?0 AND id = ?1"),

	DELETE_REPLACED_MESSAGE("DELETE FROM messages WHERE agent = ?0 AND id = ?1 AND state IN ('REJECTED', 'WAITING')"),

	IS_MESSAGE_STORED("SELECT 1 FROM messages WHERE agent = ?0 AND id = ?1"),

	ACCEPT_MESSAGE("INSERT INTO receipts (agent, message, digest, accepted_at, context) VALUES (?0, ?1, ?2, ?3, ?4)"),

	READ_ACCEPTED_MESSAGE("SELECT digest, accepted_at FROM receipts WHERE agent = ?0 AND message = ?1"),

	READ_ACCEPTED_REPLY_CONTEXT("SELECT user_id, conversation_id, device_id FROM receipts"
			+ " JOIN reply_contexts ON reply_contexts.agent = ?0 AND reply_contexts.id = context"
			+ " WHERE receipts.agent = ?0 AND message = ?1"),

	FIND_REPLY_CONTEXT(
			"SELECT id FROM reply_contexts WHERE agent = ?0 AND user_id = ?1 AND conversation_id = ?2 AND device_id = ?3"),

	CREATE_REPLY_CONTEXT(
			"INSERT INTO reply_contexts (agent, user_id, conversation_id, device_id) VALUES (?0, ?1, ?2, ?3)"
					+ " RETURNING id"),

	EXPIRE_RECEIPTS("DELETE FROM receipts WHERE agent = ?0 AND id IN (SELECT id FROM receipts"
			+ " WHERE agent = ?0 AND id > 0 ORDER BY id LIMIT ?2) AND accepted_at < ?1"),

	REJECT_MESSAGE("INSERT INTO messages (agent, id, digest, state, received_at, settled_at)"
			+ " VALUES (?0, ?1, ?2, 'REJECTED', ?3, ?3)"
			+ " ON CONFLICT (agent, id) DO UPDATE SET digest = excluded.digest, settled_at = excluded.settled_at"
			+ " WHERE messages.state = 'REJECTED'"),

	DELETE_OLDEST_REJECTED_MESSAGES("DELETE FROM messages WHERE agent = ?0 AND state = 'REJECTED' AND settled_at <"
			+ " (SELECT settled_at FROM messages WHERE agent = ?0 AND state = 'REJECTED' ORDER BY settled_at DESC LIMIT 1 OFFSET ?1)"),

	EXPIRE_MESSAGES("DELETE FROM messages WHERE agent = ?0 AND id IN"
			+ " (SELECT id FROM messages WHERE agent = ?0 AND settled_at < ?1 AND state <> 'DEAD' LIMIT ?2)"),

	READ_WIDGETS("SELECT addressee, asked_by, issued_at, expires_at, answering, data, ballot, answered_by FROM widgets"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3"),

	DELETE_REPLACED_WIDGETS("DELETE FROM widgets"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3 AND addressee = ?4"
			+ " AND NOT EXISTS (SELECT 1 FROM messages WHERE agent = ?0 AND id = asked_by AND state = 'PENDING')"),

	CREATE_WIDGET(
			"INSERT INTO widgets (agent, conversation_id, widget_id, recipient, addressee, asked_by, issued_at, expires_at,"
					+ " answering, data, ballot) VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING"),

	FIND_OLD_OPEN_WIDGETS("SELECT widget_id, recipient, addressee, asked_by FROM widgets"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND answered_by IS NULL ORDER BY issued_at DESC LIMIT -1 OFFSET ?2"),

	DELETE_VOTES_OF_WIDGET("DELETE FROM votes WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND EXISTS"
			+ " (SELECT 1 FROM widgets WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3"
			+ " AND addressee = ?4 AND asked_by = ?5 AND ballot IS NOT NULL)"),

	DELETE_WIDGET("DELETE FROM widgets WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3"
			+ " AND addressee = ?4 AND asked_by = ?5"),

	ANSWER_WIDGET("UPDATE widgets SET answered_by = ?7"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3 AND addressee = ?4 AND asked_by = ?5"
			+ " AND issued_at = ?6 AND answered_by IS NULL"),

	SET_EXPIRY_OF_WIDGET("UPDATE widgets SET expires_at = ?4"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND recipient = ?3"),

	EXPIRE_WIDGETS(
			"DELETE FROM widgets WHERE agent = ?0 AND (conversation_id, widget_id, recipient, addressee, asked_by) IN"
					+ " (SELECT conversation_id, widget_id, recipient, addressee, asked_by FROM widgets"
					+ " WHERE agent = ?0 AND issued_at < ?1 ORDER BY issued_at LIMIT ?2)"),

	READ_LAST_DEVICE(
			"SELECT last_device_id FROM conversations WHERE agent = ?0 AND user_id = ?1 AND conversation_id = ?2"),

	SET_LAST_DEVICE(
			"INSERT INTO conversations (agent, user_id, conversation_id, last_device_id) VALUES (?0, ?1, ?2, ?3)"
					+ " ON CONFLICT (agent, user_id, conversation_id) DO UPDATE SET last_device_id = excluded.last_device_id"
					+ " WHERE excluded.last_device_id <> coalesce(conversations.last_device_id, '')"),

	DELETE_LAST_DEVICE(
			"DELETE FROM conversations WHERE agent = ?0 AND user_id = ?1 AND last_device_id = ?2 AND conversation_id = ?3"),

	READ_KNOWN_IDENTITY("SELECT user_id, device_id, conversation_id, identity_key, first_seen, state"
			+ " FROM known_identities WHERE agent = ?0 AND user_id = ?1 AND device_id = ?2 AND conversation_id = ?3"),

	READ_KNOWN_IDENTITIES("SELECT user_id, device_id, conversation_id, identity_key, first_seen, state"
			+ " FROM known_identities WHERE agent = ?0 AND user_id = ?1"),

	READ_TRUSTED_SINCE(
			"SELECT min(first_seen) FROM known_identities WHERE agent = ?0 AND user_id = ?1 AND identity_key = ?2"
					+ " AND state = 'TRUSTED' HAVING min(first_seen) IS NOT NULL"),

	SET_KNOWN_IDENTITY("INSERT INTO known_identities"
			+ " (agent, user_id, device_id, conversation_id, identity_key, first_seen, state)"
			+ " VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (agent, user_id, device_id, conversation_id)"
			+ " DO UPDATE SET identity_key = excluded.identity_key, first_seen = excluded.first_seen,"
			+ " state = excluded.state"),

	READ_PEOPLES_CONVERSATIONS("SELECT DISTINCT user_id, conversation_id FROM known_identities AS known"
			+ " WHERE agent = ?0 AND state = 'TRUSTED' AND (user_id, conversation_id) > (?1, ?2)"
			+ " AND NOT EXISTS (SELECT 1 FROM group_keys WHERE agent = ?0 AND conversation_id = known.conversation_id)"
			+ " ORDER BY user_id, conversation_id LIMIT ?3"),

	READ_GROUPS("SELECT DISTINCT conversation_id FROM group_keys WHERE agent = ?0 AND conversation_id > ?1"
			+ " ORDER BY conversation_id LIMIT ?2"),

	READ_WAITING_IDENTITIES("SELECT user_id, device_id, conversation_id, identity_key, first_seen, state"
			+ " FROM known_identities WHERE agent = ?0 AND state IN ('WAITING', 'ASKED')"),

	DECIDE_IDENTITY("UPDATE known_identities SET state = ?3 WHERE agent = ?0 AND user_id = ?1 AND identity_key = ?2"
			+ " AND (?3 <> 'ASKED' OR state = 'WAITING')"),

	COUNT_WAITING_MESSAGES("SELECT count(*) FROM messages WHERE agent = ?0 AND state = 'WAITING' AND user_id = ?1"
			+ " AND coalesce(device_id, '') = ?2"),

	REJECT_WAITING_MESSAGES("UPDATE messages SET state = 'REJECTED', settled_at = ?3, payload = NULL"
			+ " WHERE agent = ?0 AND state = 'WAITING' AND user_id = ?1 AND (coalesce(device_id, ''), conversation_id) IN"
			+ " (SELECT device_id, conversation_id FROM known_identities WHERE agent = ?0 AND user_id = ?1 AND identity_key = ?2)"),

	DELETE_KNOWN_IDENTITY("DELETE FROM known_identities"
			+ " WHERE agent = ?0 AND user_id = ?1 AND device_id = ?2 AND conversation_id = ?3 AND identity_key = ?4"),

	/** Nobody waits for it, and only what is not accepted is in this table. */
	REJECT_MESSAGES_OF_DEVICE("UPDATE messages SET state = 'REJECTED', settled_at = ?5, payload = NULL, envelope = NULL"
			+ " WHERE agent = ?0 AND rowid > 0 AND user_id = ?1 AND coalesce(device_id, '') = ?2 AND conversation_id = ?3"
			+ " AND (state = 'WAITING' OR (state = 'PENDING' AND EXISTS (SELECT 1 FROM known_identities"
			+ " WHERE agent = ?0 AND user_id = ?1 AND device_id = ?2 AND conversation_id = ?3 AND identity_key = ?4"
			+ " AND state = 'REFUSED')))"),

	IS_PLAIN_NAME_USED("SELECT 1 FROM devices"
			+ " WHERE agent = ?0 AND user_id = ?1 AND device_id = ?2 AND conversation_id = ?3 AND plain_name = 1"),

	SET_PLAIN_NAME(
			"INSERT INTO devices (agent, user_id, device_id, conversation_id, plain_name) VALUES (?0, ?1, ?2, ?3, ?4)"
					+ " ON CONFLICT (agent, user_id, device_id, conversation_id) DO UPDATE SET plain_name = excluded.plain_name"
					+ " WHERE devices.plain_name <> excluded.plain_name"),

	DELETE_PLAIN_NAME(
			"DELETE FROM devices WHERE agent = ?0 AND user_id = ?1 AND device_id = ?2 AND conversation_id = ?3"),

	DELETE_HISTORY_KEY("DELETE FROM history_keys"
			+ " WHERE agent = ?0 AND recipient = ?1 AND device_id = ?2 AND conversation_id = ?3 AND identity_key = ?4"),

	READ_HISTORY_KEYS("SELECT device_id, identity_key, key_id, epoch, key, delivered_at FROM history_keys"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND recipient = ?2"),

	READ_HISTORY_KEY("SELECT key_id, epoch, key FROM history_keys"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND recipient = ?2 AND device_id = ?3 AND identity_key IS NOT DISTINCT FROM ?4"),

	SET_HISTORY_KEY("INSERT INTO history_keys"
			+ " (agent, conversation_id, recipient, device_id, identity_key, key_id, epoch, key, delivered_at)"
			+ " VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (agent, conversation_id, recipient, device_id)"
			+ " DO UPDATE SET identity_key = excluded.identity_key, key_id = excluded.key_id, epoch = excluded.epoch,"
			+ " key = excluded.key, delivered_at = excluded.delivered_at"),

	READ_GROUP_KEY("SELECT key_id, epoch, key FROM group_keys"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND epoch = ?3 AND key_id = ?2"),

	READ_KNOWN_GROUP_KEYS("SELECT key_id, epoch, given_by, given_at, shared FROM group_keys"
			+ " WHERE agent = ?0 AND conversation_id = ?1 ORDER BY epoch"),

	CREATE_GROUP_KEY(
			"INSERT INTO group_keys (agent, conversation_id, key_id, epoch, key, number, given_by, given_at, shared)"
					+ " VALUES (?0, ?1, ?2, ?3, ?4, (SELECT coalesce(max(number), 0) + 1 FROM group_keys WHERE agent = ?0), ?5, ?6, 0)"
					+ " ON CONFLICT DO NOTHING"),

	SET_GROUP_KEY_SHARED("UPDATE group_keys SET shared = 1"
			+ " WHERE agent = ?0 AND conversation_id = ?1 AND epoch = ?3 AND key_id = ?2 AND given_by <> ?4 AND shared = 0"),

	FIND_LOW_GROUP_KEYS("SELECT number FROM group_keys WHERE agent = ?0 AND conversation_id = ?1 AND given_by = ?2"
			+ " ORDER BY epoch DESC LIMIT -1 OFFSET ?3"),

	DELETE_GROUP_KEY("DELETE FROM group_keys WHERE agent = ?0 AND number = ?1"),

	DELETE_GROUP_NONCES("DELETE FROM group_nonces WHERE agent = ?0 AND key_number = ?1"),

	IS_GROUP_NONCE_USED("SELECT 1 FROM group_nonces WHERE agent = ?0 AND nonce = ?4 AND key_number ="
			+ " (SELECT number FROM group_keys WHERE agent = ?0 AND conversation_id = ?1 AND epoch = ?3 AND key_id = ?2)"),

	CREATE_GROUP_NONCE("INSERT INTO group_nonces (agent, key_number, nonce)"
			+ " SELECT ?0, number, ?4 FROM group_keys WHERE agent = ?0 AND conversation_id = ?1 AND epoch = ?3 AND key_id = ?2"
			+ " ON CONFLICT DO NOTHING"),

	READ_FRAMES("SELECT sequence, json FROM outbox WHERE agent = ?0 AND sequence > ?1 AND json IS NOT NULL"
			+ " ORDER BY sequence LIMIT ?2"),

	COUNT_FRAMES("SELECT count(*) FROM outbox WHERE agent = ?0 AND sequence > ?1 AND json IS NOT NULL"),

	IS_FRAME_STORED("SELECT 1 FROM outbox WHERE agent = ?0 AND sequence = ?1"),

	READ_LAST_SEQUENCE("SELECT max(sequence) FROM outbox WHERE agent = ?0"),

	CREATE_FRAME("INSERT INTO outbox (agent, sequence, json) VALUES (?0, ?1, ?2) ON CONFLICT DO NOTHING"),

	DELETE_EMPTIED_FRAME("DELETE FROM outbox WHERE agent = ?0 AND json IS NULL"
			+ " AND sequence = (SELECT max(sequence) FROM outbox WHERE agent = ?0 AND sequence < ?1)"),

	DELETE_FRAME(
			"DELETE FROM outbox WHERE agent = ?0 AND sequence = ?1 AND sequence < (SELECT max(sequence) FROM outbox WHERE agent = ?0)"),

	READ_VOTES(
			"SELECT user_id, vote FROM votes WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 ORDER BY user_id"),

	SET_VOTE("INSERT INTO votes (agent, conversation_id, widget_id, user_id, vote) SELECT ?0, ?1, ?2, ?3, ?4"
			+ " WHERE EXISTS (SELECT 1 FROM widgets WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND ballot IS NOT NULL)"
			+ " ON CONFLICT (agent, conversation_id, widget_id, user_id) DO UPDATE SET vote = excluded.vote"),

	DELETE_VOTE("DELETE FROM votes WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2 AND user_id = ?3"),

	DELETE_VOTES("DELETE FROM votes WHERE agent = ?0 AND conversation_id = ?1 AND widget_id = ?2"),

	EXPIRE_VOTES("DELETE FROM votes WHERE agent = ?0 AND (conversation_id, widget_id) IN"
			+ " (SELECT conversation_id, widget_id FROM widgets WHERE agent = ?0 AND issued_at < ?1 AND ballot IS NOT NULL"
			+ " ORDER BY issued_at LIMIT ?2)"),

	READ_DATA_KEYS("SELECT number, key_id, sealed_key FROM data_keys WHERE agent = ?0 AND number > 0 ORDER BY number"),

	CREATE_DATA_KEY(
			"INSERT INTO data_keys (agent, number, key_id, sealed_key, created_at) VALUES (?0, ?1, ?2, ?3, ?4)"),

	DELETE_DATA_KEY("DELETE FROM data_keys WHERE agent = ?0 AND number = ?1"),

	IS_VACUUM_DUE("SELECT 1 FROM agent WHERE agent = ?0 AND id = 1 AND vacuum_due = 1"),

	SET_VACUUM_DUE("UPDATE agent SET vacuum_due = ?1 WHERE agent = ?0 AND id = 1"),

	EMPTY_FRAME("UPDATE outbox SET json = NULL WHERE agent = ?0 AND sequence = ?1");

	private final String text;

	Sql(String text) {
		this.text = text;
	}

	String text() {
		return this.text;
	}

}
