-- The tables of stores in PostgreSQL, all in a schema of their own. The first agent that starts
-- runs this script; or run it with Flyway or Liquibase, for agents that may not create tables.
-- All agents share the tables: the number of its lease is the first part of each key.

CREATE SCHEMA pacerelle;

-- Ids are compared byte by byte: no index depends on the collations of the operating system.
CREATE DOMAIN pacerelle.identifier AS TEXT COLLATE "C";

CREATE TABLE pacerelle.schema_version (
	version INTEGER NOT NULL
);
INSERT INTO pacerelle.schema_version (version) VALUES (1);

-- Who writes increments commits; only whoever has the present epoch does. The instance has begun it,
-- and has the agent since then, as long as its session has the advisory lock.
CREATE TABLE pacerelle.leases (
	number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	agent_id pacerelle.identifier NOT NULL UNIQUE,
	epoch BIGINT NOT NULL,
	commits BIGINT NOT NULL,
	instance TEXT,
	since TIMESTAMPTZ
) WITH (fillfactor = 20);
-- A transaction of the application locks this key, which no commit changes but another epoch.
CREATE UNIQUE INDEX leases_by_epoch ON pacerelle.leases (number, epoch);

-- The id is always 1: what is sealed is bound to it, as in SQLite.
CREATE TABLE pacerelle.agent (
	agent INTEGER PRIMARY KEY,
	id INTEGER NOT NULL CHECK (id = 1),
	identity_key BYTEA NOT NULL,
	registration_id INTEGER NOT NULL,
	next_prekey_id BIGINT NOT NULL,
	signed_prekey_id BIGINT,
	kyber_prekey_id BIGINT,
	time_passed BIGINT,
	moved_to TEXT
);

CREATE TABLE pacerelle.prekeys (
	agent INTEGER NOT NULL,
	kind pacerelle.identifier NOT NULL,
	id BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	public_key BYTEA,
	private_key BYTEA NOT NULL,
	signature BYTEA,
	published INTEGER NOT NULL,
	PRIMARY KEY (agent, kind, id)
);
CREATE INDEX prekeys_by_age ON pacerelle.prekeys (agent, kind, created_at);
CREATE INDEX prekeys_published ON pacerelle.prekeys (agent, kind, published);

CREATE TABLE pacerelle.base_keys (
	agent INTEGER NOT NULL,
	kyber_prekey_id BIGINT NOT NULL,
	signed_prekey_id BIGINT NOT NULL,
	base_key BYTEA NOT NULL,
	PRIMARY KEY (agent, kyber_prekey_id, signed_prekey_id, base_key)
);
CREATE INDEX base_keys_by_signed_prekey ON pacerelle.base_keys (agent, signed_prekey_id);

-- Room for the next version of a row beside it: each message changes one.
CREATE TABLE pacerelle.sessions (
	agent INTEGER NOT NULL,
	name pacerelle.identifier NOT NULL,
	device INTEGER NOT NULL,
	version BIGINT NOT NULL,
	session BYTEA NOT NULL,
	PRIMARY KEY (agent, name, device)
) WITH (fillfactor = 70);

CREATE TABLE pacerelle.archived_sessions (
	agent INTEGER NOT NULL,
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name pacerelle.identifier NOT NULL,
	device INTEGER NOT NULL,
	base_key BYTEA NOT NULL,
	session BYTEA NOT NULL,
	PRIMARY KEY (agent, id),
	UNIQUE (agent, name, device, base_key)
);
CREATE INDEX archived_sessions_by_peer ON pacerelle.archived_sessions (agent, name, device, id);

CREATE TABLE pacerelle.archived_ratchet_keys (
	agent INTEGER NOT NULL,
	name pacerelle.identifier NOT NULL,
	device INTEGER NOT NULL,
	ratchet_key BYTEA NOT NULL,
	session_id BIGINT NOT NULL,
	PRIMARY KEY (agent, name, device, ratchet_key, session_id)
);
CREATE INDEX archived_ratchet_keys_by_session ON pacerelle.archived_ratchet_keys (agent, session_id);

CREATE TABLE pacerelle.identities (
	agent INTEGER NOT NULL,
	name pacerelle.identifier NOT NULL,
	device INTEGER NOT NULL,
	identity_key BYTEA NOT NULL,
	PRIMARY KEY (agent, name, device)
);

CREATE TABLE pacerelle.known_identities (
	agent INTEGER NOT NULL,
	user_id pacerelle.identifier NOT NULL,
	device_id pacerelle.identifier NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	identity_key BYTEA NOT NULL,
	first_seen BIGINT NOT NULL,
	state pacerelle.identifier NOT NULL,
	PRIMARY KEY (agent, user_id, device_id, conversation_id)
);
CREATE INDEX known_identities_by_key ON pacerelle.known_identities (agent, user_id, identity_key, first_seen);
CREATE INDEX known_identities_by_conversation ON pacerelle.known_identities (agent, user_id, conversation_id)
	WHERE state = 'TRUSTED';
CREATE INDEX known_identities_waiting ON pacerelle.known_identities (agent, state)
	WHERE state IN ('WAITING', 'ASKED');

CREATE TABLE pacerelle.messages (
	agent INTEGER NOT NULL,
	id pacerelle.identifier NOT NULL,
	digest BYTEA NOT NULL,
	state pacerelle.identifier NOT NULL,
	received_at BIGINT NOT NULL,
	settled_at BIGINT,
	user_id pacerelle.identifier,
	conversation_id pacerelle.identifier,
	device_id pacerelle.identifier,
	payload BYTEA,
	envelope TEXT,
	PRIMARY KEY (agent, id)
);
CREATE INDEX messages_by_settlement ON pacerelle.messages (agent, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX messages_rejected ON pacerelle.messages (agent, settled_at) WHERE state = 'REJECTED';
CREATE INDEX messages_dead ON pacerelle.messages (agent, settled_at) WHERE state = 'DEAD';
CREATE INDEX messages_waiting ON pacerelle.messages (agent, user_id, coalesce(device_id, ''))
	WHERE state = 'WAITING';

CREATE TABLE pacerelle.failures (
	agent INTEGER NOT NULL,
	message_id pacerelle.identifier NOT NULL,
	attempts INTEGER NOT NULL,
	failure TEXT NOT NULL,
	PRIMARY KEY (agent, message_id)
);

CREATE TABLE pacerelle.reply_contexts (
	agent INTEGER NOT NULL,
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id pacerelle.identifier NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	device_id pacerelle.identifier NOT NULL,
	PRIMARY KEY (agent, id),
	UNIQUE (agent, user_id, conversation_id, device_id)
);

CREATE TABLE pacerelle.receipts (
	agent INTEGER NOT NULL,
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	message BYTEA NOT NULL,
	digest BYTEA NOT NULL,
	accepted_at BIGINT NOT NULL,
	context BIGINT NOT NULL,
	PRIMARY KEY (agent, id),
	UNIQUE (agent, message)
);

CREATE TABLE pacerelle.conversations (
	agent INTEGER NOT NULL,
	user_id pacerelle.identifier NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	last_device_id pacerelle.identifier,
	PRIMARY KEY (agent, user_id, conversation_id)
);

CREATE TABLE pacerelle.devices (
	agent INTEGER NOT NULL,
	user_id pacerelle.identifier NOT NULL,
	device_id pacerelle.identifier NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	plain_name INTEGER NOT NULL,
	PRIMARY KEY (agent, user_id, device_id, conversation_id)
);

CREATE TABLE pacerelle.widgets (
	agent INTEGER NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	widget_id pacerelle.identifier NOT NULL,
	recipient pacerelle.identifier NOT NULL,
	addressee pacerelle.identifier NOT NULL,
	asked_by pacerelle.identifier NOT NULL,
	issued_at BIGINT NOT NULL,
	expires_at BIGINT,
	answering TEXT NOT NULL,
	data BYTEA,
	ballot BYTEA,
	answered_by TEXT,
	PRIMARY KEY (agent, conversation_id, widget_id, recipient, addressee, asked_by)
);
CREATE INDEX widgets_by_age ON pacerelle.widgets (agent, issued_at);
CREATE INDEX widgets_open ON pacerelle.widgets (agent, conversation_id, issued_at) WHERE answered_by IS NULL;
CREATE INDEX widgets_by_question ON pacerelle.widgets (agent, asked_by);

CREATE TABLE pacerelle.votes (
	agent INTEGER NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	widget_id pacerelle.identifier NOT NULL,
	user_id pacerelle.identifier NOT NULL,
	vote BYTEA NOT NULL,
	PRIMARY KEY (agent, conversation_id, widget_id, user_id)
);

CREATE TABLE pacerelle.history_keys (
	agent INTEGER NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	recipient pacerelle.identifier NOT NULL,
	device_id pacerelle.identifier NOT NULL,
	identity_key BYTEA,
	key_id pacerelle.identifier NOT NULL,
	epoch BIGINT NOT NULL,
	key BYTEA NOT NULL,
	delivered_at BIGINT NOT NULL,
	PRIMARY KEY (agent, conversation_id, recipient, device_id)
);

CREATE TABLE pacerelle.group_keys (
	agent INTEGER NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	epoch BIGINT NOT NULL,
	key_id pacerelle.identifier NOT NULL,
	key BYTEA NOT NULL,
	number BIGINT NOT NULL,
	given_by pacerelle.identifier NOT NULL,
	given_at BIGINT NOT NULL,
	shared INTEGER NOT NULL,
	PRIMARY KEY (agent, conversation_id, epoch, key_id),
	UNIQUE (agent, number)
);
CREATE INDEX group_keys_by_member ON pacerelle.group_keys (agent, conversation_id, given_by, epoch);

CREATE TABLE pacerelle.group_nonces (
	agent INTEGER NOT NULL,
	key_number BIGINT NOT NULL,
	nonce BYTEA NOT NULL,
	PRIMARY KEY (agent, key_number, nonce)
);

CREATE TABLE pacerelle.outbox (
	agent INTEGER NOT NULL,
	sequence BIGINT NOT NULL,
	json BYTEA,
	PRIMARY KEY (agent, sequence)
);

CREATE TABLE pacerelle.data_keys (
	agent INTEGER NOT NULL,
	number INTEGER NOT NULL,
	key_id TEXT NOT NULL,
	sealed_key BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (agent, number)
);

-- The installations of applications that people install. A change of one has a new revision.
CREATE SEQUENCE pacerelle.installation_revisions;

CREATE TABLE pacerelle.installations (
	application pacerelle.identifier NOT NULL,
	agent_id pacerelle.identifier NOT NULL,
	owner_id pacerelle.identifier NOT NULL,
	conversation_id pacerelle.identifier NOT NULL,
	key_id TEXT,
	token BYTEA NOT NULL,
	revision BIGINT NOT NULL,
	PRIMARY KEY (application, agent_id)
);
