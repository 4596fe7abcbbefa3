package com.pacerelle.client.store.jdbc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every column with a secret, and the key of its rows. All others have ids, digests of
 * what is sent, public keys, times and states, and stay plain.
 */
enum SealedColumn {

	IDENTITY_KEY("agent", "identity_key", "id"),

	PREKEY("prekeys", "private_key", "kind", "id"),

	SESSION("sessions", "session", "name", "device"),

	ARCHIVED_SESSION("archived_sessions", "session", "name", "device", "base_key"),

	PAYLOAD("messages", "payload", "id"),

	FRAME("outbox", "json", "sequence"),

	WIDGET_DATA("widgets", "data", "conversation_id", "widget_id", "recipient", "addressee", "asked_by"),

	BALLOT("widgets", "ballot", "conversation_id", "widget_id", "recipient", "addressee", "asked_by"),

	VOTE("votes", "vote", "conversation_id", "widget_id", "user_id"),

	HISTORY_KEY("history_keys", "key", "conversation_id", "recipient", "device_id"),

	GROUP_KEY("group_keys", "key", "conversation_id", "epoch", "key_id");

	private final String table;

	private final String column;

	private final List<String> key;

	private final byte[] name;

	SealedColumn(String table, String column, String... key) {
		this.table = table;
		this.column = column;
		this.key = List.of(key);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		append(out, table);
		append(out, column);
		this.name = out.toByteArray();
	}

	/**
	 * The sealed columns of a table.
	 * @param table the table
	 * @return these columns, mostly none or one
	 */
	static List<SealedColumn> of(String table) {
		return Stream.of(values()).filter((column) -> column.table.equals(table)).toList();
	}

	String column() {
		return this.column;
	}

	/** The columns of the key, in their order. */
	List<String> key() {
		return this.key;
	}

	/**
	 * How many columns the key has.
	 * @return the number
	 */
	int keySize() {
		return this.key.size();
	}

	/**
	 * What a sealed value is bound to: table, column and key, each with its type and
	 * length, so that no two rows have the same.
	 * @param key the key of the row: numbers, strings, byte arrays
	 * @return the associated data
	 */
	byte[] associatedData(Object... key) {
		if (key.length != this.key.size()) {
			throw new IllegalArgumentException("The key of " + this + " has " + this.key.size() + " columns");
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(this.name);
		for (Object value : key) {
			append(out, value);
		}
		return out.toByteArray();
	}

	/** Rows with a value, in the order of their keys: the key, then the value. */
	String firstRows() {
		return rows("");
	}

	/** As above, after the row with the key that the parameters are. */
	String nextRows() {
		String parameters = IntStream.rangeClosed(1, this.key.size())
			.mapToObj((i) -> "?" + i)
			.collect(Collectors.joining(", "));
		return rows("(" + columns() + ") > (" + parameters + ") AND ");
	}

	String read() {
		return "SELECT " + this.column + " FROM " + this.table + " WHERE " + condition() + " AND " + this.column
				+ " IS NOT NULL";
	}

	/** The parameter behind the key is the new value. */
	String replace() {
		return "UPDATE " + this.table + " SET " + this.column + " = ?" + (this.key.size() + 1) + " WHERE "
				+ condition();
	}

	private String rows(String condition) {
		return "SELECT " + columns() + ", " + this.column + " FROM " + this.table + " WHERE agent = ?0 AND " + condition
				+ this.column + " IS NOT NULL ORDER BY " + columns() + " LIMIT " + SealedRows.PAGE;
	}

	private String columns() {
		return String.join(", ", this.key);
	}

	private String condition() {
		return "agent = ?0 AND " + IntStream.range(0, this.key.size())
			.mapToObj((i) -> this.key.get(i) + " = ?" + (i + 1))
			.collect(Collectors.joining(" AND "));
	}

	private static void append(ByteArrayOutputStream out, Object value) {
		if (value instanceof Number number) {
			append(out, 'n', ByteBuffer.allocate(Long.BYTES).putLong(number.longValue()).array());
		}
		else if (value instanceof byte[] bytes) {
			append(out, 'b', bytes);
		}
		else {
			append(out, 't', ((String) value).getBytes(StandardCharsets.UTF_8));
		}
	}

	private static void append(ByteArrayOutputStream out, char type, byte[] value) {
		out.write(type);
		out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
		out.writeBytes(value);
	}

	@Override
	public String toString() {
		return this.table + "." + this.column;
	}

}
