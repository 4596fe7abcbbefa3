package com.pacerelle.client.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Copies all rows of an agent from one store to another, of the same version, table by
 * table with the columns that both have: what is sealed is opened and sealed again, and
 * rows that a database numbers get new numbers in the same order.
 */
final class StateCopy {

	/** What a store knows about itself alone. */
	private static final Set<String> OWN = Set.of("moved_to", "vacuum_due", "generation");

	private final Statements from;

	private final Seal opens;

	private final Statements to;

	private final Seal seals;

	/** The new numbers of rows by the old ones. */
	private final Map<Table, Map<Long, Long>> numbers = new EnumMap<>(Table.class);

	private final Map<Table, Long> counts = new EnumMap<>(Table.class);

	/**
	 * Prepares the copy.
	 * @param from reads, in a transaction of the caller
	 * @param opens opens what is read
	 * @param to writes, in a transaction of the caller
	 * @param seals seals what is written
	 */
	StateCopy(Statements from, Seal opens, Statements to, Seal seals) {
		this.from = from;
		this.opens = opens;
		this.to = to;
		this.seals = seals;
	}

	/**
	 * Copies all tables.
	 * @return how many rows of each
	 * @throws SQLException if a database refuses
	 */
	Map<Table, Long> run() throws SQLException {
		for (Table table : Table.values()) {
			this.counts.put(table, 0L);
			copy(table);
		}
		return this.counts;
	}

	/**
	 * Deletes all rows of an agent.
	 * @param statements run in a transaction of the caller
	 * @throws SQLException if the database refuses
	 */
	static void deleteAll(Statements statements) throws SQLException {
		for (Table table : Table.values()) {
			statements.update("DELETE FROM " + table + " WHERE agent = ?0");
		}
		statements.update("DELETE FROM data_keys WHERE agent = ?0");
	}

	/**
	 * The columns that are copied.
	 * @param columns those of a table
	 * @param table the table
	 * @return these without what the store numbers, or knows about itself
	 */
	static List<String> copied(List<String> columns, Table table) {
		return columns.stream()
			.filter((column) -> !OWN.contains(column) && !(table.isNumbered() && column.equals("id")))
			.sorted()
			.toList();
	}

	private void copy(Table table) throws SQLException {
		List<String> columns = new ArrayList<>(copied(this.from.columns(table.toString()), table));
		columns.retainAll(this.to.columns(table.toString()));
		String names = String.join(", ", columns);
		String select = "SELECT " + (table.isNumbered() ? "id, " : "") + names + " FROM " + table + " WHERE agent = ?0"
				+ (table.isNumbered() ? " ORDER BY id" : "");
		String insert = "INSERT INTO " + table + " (agent, " + names + ") VALUES (?0, "
				+ IntStream.rangeClosed(1, columns.size()).mapToObj((i) -> "?" + i).collect(Collectors.joining(", "))
				+ ")";
		List<@Nullable Object[]> batch = new ArrayList<>(Statements.BATCH);
		this.from.each(select, (row) -> {
			this.counts.merge(table, 1L, Long::sum);
			@Nullable Object[] values = read(table, columns, row);
			if (table.isReferenced()) {
				Long number = this.to.first(insert + " RETURNING id", (inserted) -> inserted.getLong(1), values);
				this.numbers.computeIfAbsent(table, (key) -> new HashMap<>()).put(row.getLong(1), number);
				return;
			}
			batch.add(values);
			if (batch.size() == Statements.BATCH) {
				this.to.updateAll(insert, batch);
				batch.clear();
			}
		});
		this.to.updateAll(insert, batch);
	}

	private @Nullable Object[] read(Table table, List<String> columns, ResultSet row) throws SQLException {
		@Nullable Object[] values = new Object[columns.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = row.getObject(i + (table.isNumbered() ? 2 : 1));
		}
		for (SealedColumn sealed : SealedColumn.of(table.toString())) {
			int position = columns.indexOf(sealed.column());
			if (values[position] instanceof byte[] stored) {
				Object[] key = sealed.key().stream().map((column) -> values[columns.indexOf(column)]).toArray();
				byte[] value = this.opens.open(sealed, stored, key);
				values[position] = this.seals.seal(sealed, value, key);
				if (values[position] != value) {
					Arrays.fill(value, (byte) 0);
				}
			}
		}
		Table referenced = table.referenced();
		if (referenced != null) {
			int position = columns.indexOf(table.reference());
			Object number = values[position];
			values[position] = this.numbers.getOrDefault(referenced, Map.of())
				.getOrDefault((number instanceof Number known) ? known.longValue() : 0L, 0L);
		}
		return values;
	}

}
