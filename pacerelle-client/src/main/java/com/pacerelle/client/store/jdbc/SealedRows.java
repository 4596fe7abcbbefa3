package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The rows with a value in a sealed column, some at a time.
 *
 * @param column the column
 * @param rows the rows in the order of their keys
 */
record SealedRows(SealedColumn column, List<Row> rows) {

	/** How many rows are read, or changed in one transaction. */
	static final int PAGE = 64;

	/**
	 * Reads the first rows, or those after a page.
	 * @param statements read
	 * @param column the column
	 * @param previous the page before, {@code null} for the first
	 * @return the page, empty after the last row
	 * @throws SQLException if the database cannot be read
	 */
	static SealedRows read(Statements statements, SealedColumn column, @Nullable SealedRows previous)
			throws SQLException {
		int size = column.keySize();
		Statements.Row<Row> reader = (row) -> {
			Object[] key = new Object[size];
			for (int i = 0; i < size; i++) {
				key[i] = row.getObject(i + 1);
			}
			return new Row(key, row.getBytes(size + 1));
		};
		return new SealedRows(column, (previous == null) ? statements.all(column.firstRows(), reader)
				: statements.all(column.nextRows(), reader, previous.last().key()));
	}

	boolean isEmpty() {
		return this.rows.isEmpty();
	}

	private Row last() {
		return this.rows.get(this.rows.size() - 1);
	}

	/**
	 * Seals every secret of a store that was not sealed.
	 * @param statements run in a transaction of the caller
	 * @param seal seals
	 * @return whether there was one
	 * @throws SQLException if the database refuses
	 */
	static boolean sealAll(Statements statements, Seal seal) throws SQLException {
		boolean any = false;
		for (SealedColumn column : SealedColumn.values()) {
			SealedRows page = read(statements, column, null);
			while (!page.isEmpty()) {
				any = true;
				for (Row row : page.rows()) {
					replace(statements, column, row.key(), seal.seal(column, row.value(), row.key()));
				}
				page = read(statements, column, page);
			}
		}
		return any;
	}

	/**
	 * The rows that another key of the application has sealed.
	 * @param dataKeys the keys of the store
	 * @return these rows
	 */
	SealedRows outdated(DataKeys dataKeys) {
		return new SealedRows(this.column,
				this.rows.stream().filter((row) -> dataKeys.isOutdated(row.value())).toList());
	}

	/**
	 * Seals the rows again, if they are still as outdated as they were.
	 * @param statements run in a transaction of the caller
	 * @param dataKeys the keys of the store
	 * @return the data keys of rows that cannot be opened, and are left alone
	 * @throws SQLException if the database refuses
	 */
	Set<Integer> sealAgain(Statements statements, DataKeys dataKeys) throws SQLException {
		Set<Integer> unreadable = new HashSet<>();
		for (Row row : this.rows) {
			byte[] stored = statements.first(this.column.read(), (result) -> result.getBytes(1), row.key());
			if (stored != null && dataKeys.isOutdated(stored)) {
				try {
					byte[] value = dataKeys.open(this.column, stored, row.key());
					replace(statements, this.column, row.key(), dataKeys.seal(this.column, value, row.key()));
					Arrays.fill(value, (byte) 0);
				}
				catch (StoreException ex) {
					unreadable.add(SealedValue.dataKey(stored));
				}
			}
		}
		return unreadable;
	}

	static void replace(Statements statements, SealedColumn column, Object[] key, byte[] value) throws SQLException {
		Object[] parameters = Arrays.copyOf(key, key.length + 1);
		parameters[key.length] = value;
		statements.update(column.replace(), parameters);
	}

	/**
	 * One row.
	 *
	 * @param key its key
	 * @param value what is stored
	 */
	record Row(Object[] key, byte[] value) {
	}

}
