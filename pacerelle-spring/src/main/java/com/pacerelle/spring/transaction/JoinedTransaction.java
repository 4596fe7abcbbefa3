package com.pacerelle.spring.transaction;

import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.pacerelle.client.store.ApplicationTransaction;

import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction of Spring in which agents take part. It is called last before the commit:
 * what others write until then is not held up.
 */
final class JoinedTransaction implements ApplicationTransaction, TransactionSynchronization {

	private final DataSource dataSource;

	private final SortedMap<String, Participant> participants = new TreeMap<>();

	/** How much each had taken on, by savepoint. */
	private final Map<Object, Map<Participant, Integer>> marks = new HashMap<>();

	JoinedTransaction(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	boolean isOf(DataSource other) {
		return this.dataSource == other;
	}

	/** The name says of which type the participant is: each agent has one. */
	@Override
	@SuppressWarnings("unchecked")
	public <P extends Participant> P join(String name, Supplier<P> created) {
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			throw new IllegalStateException("The transaction is read-only, and a message that is sent in it could not"
					+ " be stored: send it outside, or let the transaction write");
		}
		if (this.participants.isEmpty()) {
			TransactionSynchronizationManager.registerSynchronization(this);
		}
		return (P) this.participants.computeIfAbsent(name, (key) -> created.get());
	}

	@Override
	public void withConnection(Consumer<Connection> work) {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			work.accept(connection);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void savepoint(Object savepoint) {
		Map<Participant, Integer> now = new HashMap<>();
		this.participants.values().forEach((participant) -> now.put(participant, participant.mark()));
		this.marks.put(savepoint, now);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		// Whoever is not known took part later.
		Map<Participant, Integer> then = this.marks.getOrDefault(savepoint, Map.of());
		this.participants.values().forEach((participant) -> participant.returnTo(then.getOrDefault(participant, 0)));
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		this.participants.values().forEach(Participant::beforeCommit);
	}

	@Override
	public void afterCompletion(int status) {
		Outcome outcome = switch (status) {
			case STATUS_COMMITTED -> Outcome.COMMITTED;
			case STATUS_ROLLED_BACK -> Outcome.ROLLED_BACK;
			default -> Outcome.UNKNOWN;
		};
		RuntimeException failure = null;
		for (Participant participant : this.participants.values()) {
			try {
				participant.afterCompletion(outcome);
			}
			catch (RuntimeException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
