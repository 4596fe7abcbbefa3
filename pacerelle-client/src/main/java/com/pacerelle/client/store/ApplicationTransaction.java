package com.pacerelle.client.store;

import java.sql.Connection;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A transaction of an application, which the calling thread is in.
 */
public interface ApplicationTransaction {

	/**
	 * Has somebody take part.
	 * @param <P> who
	 * @param name its name in this transaction; those that take part are called in the
	 * order of their names, so that they can take locks
	 * @param created creates who takes part when nobody of this name does
	 * @return who takes part
	 * @throws IllegalStateException if the transaction is read-only
	 */
	<P extends Participant> P join(String name, Supplier<P> created);

	/**
	 * Uses its connection.
	 * @param work reads and writes with the connection, and neither commits nor rolls
	 * back
	 */
	void withConnection(Consumer<Connection> work);

	/**
	 * Takes part in a transaction. Called on the thread of the transaction.
	 */
	interface Participant {

		/**
		 * Writes what is to be committed. Called once at most, as late as possible.
		 * @throws RuntimeException to roll the transaction back
		 */
		void beforeCommit();

		/**
		 * Ends what the transaction was for.
		 * @param outcome what became of it
		 */
		void afterCompletion(Outcome outcome);

		/**
		 * How much it has taken on.
		 * @return a number that grows
		 */
		int mark();

		/**
		 * Forgets what it has taken on since, as the transaction rolls back to a
		 * savepoint.
		 * @param mark how much it had taken on then, 0 for nothing
		 */
		void returnTo(int mark);

	}

	/**
	 * What became of a transaction.
	 */
	enum Outcome {

		/** All of it is in the database. */
		COMMITTED,

		/** Nothing of it is in the database. */
		ROLLED_BACK,

		/** The connection was lost while it was committed. */
		UNKNOWN

	}

}
