package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * The transactions that an application runs in the database of a store. What an agent
 * sends and accepts in one of them is committed with it, or not at all.
 */
public interface ApplicationTransactions {

	/** Of a store that is not in the database of the application. */
	ApplicationTransactions NONE = new ApplicationTransactions() {

		@Override
		public @Nullable ApplicationTransaction current() {
			return null;
		}

		@Override
		public MessageTransaction open() {
			return NoTransaction.INSTANCE;
		}

	};

	/**
	 * The transaction that the calling thread is in.
	 * @return the transaction, or {@code null} if it is in none, or in one of another
	 * database
	 */
	@Nullable ApplicationTransaction current();

	/**
	 * Lets the handler of a message begin a transaction on the calling thread, which
	 * outlasts the handler: it ends with the acceptance of the message.
	 * @return the transaction, which has not begun, to be closed by the same thread
	 */
	MessageTransaction open();

}
