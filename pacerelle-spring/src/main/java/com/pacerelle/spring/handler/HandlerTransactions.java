package com.pacerelle.spring.handler;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * Runs handler methods in transactions that end with the acceptance of their message.
 */
public interface HandlerTransactions {

	/**
	 * Decides whether a handler method runs in such a transaction.
	 * @param method the method
	 * @param beanType the type of its bean
	 * @param deferred whether its result comes after it has returned
	 * @return the transaction, or {@code null} if the method has none, or one of its own
	 * @throws IllegalArgumentException if it asks for a transaction that cannot end with
	 * the acceptance of the message; the message says what is allowed
	 */
	@Nullable HandlerTransaction of(Method method, Class<?> beanType, boolean deferred);

	/**
	 * The transaction of a handler method.
	 */
	@FunctionalInterface
	interface HandlerTransaction {

		/**
		 * Calls the method in the transaction, which stays open if it returns.
		 * @param handler calls the method
		 * @return what it returns
		 * @throws Throwable what the method throws; the transaction is rolled back if its
		 * rules say so
		 */
		@Nullable Object call(Call handler) throws Throwable;

	}

	/**
	 * Calls a handler method.
	 */
	@FunctionalInterface
	interface Call {

		/**
		 * Calls the method.
		 * @return what it returns
		 * @throws Throwable what it throws
		 */
		@Nullable Object run() throws Throwable;

	}

}
