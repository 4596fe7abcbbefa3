package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;

/**
 * Writes transactions of the database, one after the other, on one thread.
 */
interface Writer extends AutoCloseable {

	/**
	 * Begins a transaction.
	 * @return its statements
	 * @throws SQLException if the database refuses
	 */
	Statements begin() throws SQLException;

	/**
	 * Commits it. What was committed is on the disk.
	 * @throws SQLException if it was not committed
	 */
	void commit() throws SQLException;

	/**
	 * Rolls it back, also when it has not begun.
	 * @throws SQLException if the database refuses
	 */
	void rollBack() throws SQLException;

	/**
	 * Releases what it writes with.
	 * @throws SQLException if the database refuses
	 */
	@Override
	void close() throws SQLException;

}
