package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was committed last, on the caller's thread.
 */
interface Reads extends AutoCloseable {

	/**
	 * Reads what was committed last.
	 * @param <T> what is read
	 * @param query reads it
	 * @return what the query returned
	 * @throws StoreException if the database cannot be read, or the store is closed
	 */
	<T extends @Nullable Object> T read(Query<T> query);

	/**
	 * Waits for the reads that have begun.
	 */
	@Override
	void close();

	/**
	 * Reads from one connection.
	 *
	 * @param <T> what is read
	 */
	@FunctionalInterface
	interface Query<T extends @Nullable Object> {

		T run(Statements statements) throws SQLException;

	}

}
