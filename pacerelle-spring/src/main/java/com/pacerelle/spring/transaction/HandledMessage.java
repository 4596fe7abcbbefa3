package com.pacerelle.spring.transaction;

import java.util.function.Consumer;

import com.pacerelle.client.store.MessageTransaction;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.spring.handler.HandlerTransactions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.interceptor.TransactionAttribute;

/**
 * The transaction of a message that is handled on this thread.
 */
final class HandledMessage implements MessageTransaction {

	private static final Log logger = LogFactory.getLog(HandledMessage.class);

	private final Consumer<HandledMessage> onClose;

	private @Nullable Begun begun;

	HandledMessage(Consumer<HandledMessage> onClose) {
		this.onClose = onClose;
	}

	/**
	 * Calls a handler method in the transaction, which its proxy joins. A failure rolls
	 * back before anybody handles it, as the proxy alone would.
	 * @param manager the transaction manager
	 * @param attribute what the method says of its transaction
	 * @param handler calls the method
	 * @return what it returns; the transaction goes on
	 * @throws Throwable what it throws
	 */
	@Nullable Object call(PlatformTransactionManager manager, TransactionAttribute attribute, HandlerTransactions.Call handler)
			throws Throwable {
		Begun current = this.begun;
		if (current == null) {
			current = begin(manager, attribute);
			this.begun = current;
		}
		boolean kept = false;
		try {
			Object result = handler.run();
			if (current.status().isRollbackOnly()) {
				throw new UnexpectedRollbackException(
						"The handler returned, but marked its transaction to be rolled back: its message is not handled."
								+ " To answer it nevertheless, throw an exception that an exception handler answers");
			}
			kept = true;
			return result;
		}
		catch (Throwable ex) {
			kept = !attribute.rollbackOn(ex) && !current.status().isRollbackOnly();
			throw ex;
		}
		finally {
			if (!kept) {
				rollBack();
			}
		}
	}

	private static Begun begin(PlatformTransactionManager manager, TransactionAttribute attribute) {
		try {
			return new Begun(manager, manager.getTransaction(attribute));
		}
		catch (CannotCreateTransactionException ex) {
			throw new StoreException("The transaction of a handler cannot begin: the database is away, or the pool has"
					+ " no connection left", ex);
		}
	}

	@Override
	public boolean isActive() {
		return this.begun != null;
	}

	@Override
	public void commit() {
		Begun current = this.begun;
		if (current == null) {
			throw new IllegalStateException("No transaction has begun");
		}
		this.begun = null;
		current.manager().commit(current.status());
	}

	@Override
	public void rollBack() {
		Begun current = this.begun;
		this.begun = null;
		if (current != null) {
			try {
				current.manager().rollback(current.status());
			}
			catch (TransactionException ex) {
				// The database rolls back what it did not commit.
				logger.debug("The transaction of a handler could not be rolled back", ex);
			}
		}
	}

	@Override
	public void close() {
		rollBack();
		this.onClose.accept(this);
	}

	private record Begun(PlatformTransactionManager manager, TransactionStatus status) {
	}

}
