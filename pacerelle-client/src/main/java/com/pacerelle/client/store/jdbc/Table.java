package com.pacerelle.client.store.jdbc;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Every table with the state of an agent, in both databases; those that others refer to
 * come first. The keys that seal a store belong to it alone, and are not among them.
 */
enum Table {

	AGENT, PREKEYS, BASE_KEYS, SESSIONS, ARCHIVED_SESSIONS(true),
	ARCHIVED_RATCHET_KEYS("session_id", ARCHIVED_SESSIONS), IDENTITIES, KNOWN_IDENTITIES, MESSAGES, FAILURES,
	REPLY_CONTEXTS(true), RECEIPTS("context", REPLY_CONTEXTS, true), CONVERSATIONS, DEVICES, WIDGETS, VOTES,
	HISTORY_KEYS, GROUP_KEYS, GROUP_NONCES, OUTBOX;

	private final @Nullable String reference;

	private final @Nullable Table referenced;

	private final boolean numbered;

	Table() {
		this(false);
	}

	Table(boolean numbered) {
		this.reference = null;
		this.referenced = null;
		this.numbered = numbered;
	}

	Table(String reference, Table referenced) {
		this(reference, referenced, false);
	}

	Table(String reference, Table referenced, boolean numbered) {
		this.reference = reference;
		this.referenced = referenced;
		this.numbered = numbered;
	}

	/** Whether the database numbers the rows, in a column 'id'. */
	boolean isNumbered() {
		return this.numbered;
	}

	/** The column with the number of a row of another table. */
	@Nullable String reference() {
		return this.reference;
	}

	/** The table that the column is about. */
	@Nullable Table referenced() {
		return this.referenced;
	}

	/** Whether a column of another table has numbers of these rows. */
	boolean isReferenced() {
		for (Table table : values()) {
			if (table.referenced == this) {
				return true;
			}
		}
		return false;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
