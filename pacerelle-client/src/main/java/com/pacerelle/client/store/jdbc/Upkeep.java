package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * What an open store does once a minute: seals everything again when the application has
 * another key, forgets data keys that nothing needs, and whatever the database needs.
 */
final class Upkeep implements AutoCloseable {

	private static final Duration PERIOD = Duration.ofMinutes(1);

	/** Of all stores in this process; there are none while no store is open. */
	private static final ScheduledThreadPoolExecutor THREADS = threads();

	private final String store;

	private final Chore chore;

	private final Reads reads;

	private final CommitQueue commits;

	private final @Nullable DataKeys dataKeys;

	private final ScheduledFuture<?> due;

	private volatile boolean closed;

	private boolean swept;

	/**
	 * Begins.
	 * @param store where the store is
	 * @param chore what this database needs besides
	 * @param reads reads
	 * @param commits writes
	 * @param dataKeys seals, {@code null} if nothing is sealed
	 */
	Upkeep(String store, Chore chore, Reads reads, CommitQueue commits, @Nullable DataKeys dataKeys) {
		this.store = store;
		this.chore = chore;
		this.reads = reads;
		this.commits = commits;
		this.dataKeys = dataKeys;
		this.due = THREADS.scheduleWithFixedDelay(this::runQuietly, PERIOD.toMillis(), PERIOD.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	private static ScheduledThreadPoolExecutor threads() {
		ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(2, (task) -> {
			Thread created = new Thread(task, "pacerelle-store-upkeep");
			created.setDaemon(true);
			return created;
		});
		threads.setKeepAliveTime(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
		threads.allowCoreThreadTimeOut(true);
		threads.setRemoveOnCancelPolicy(true);
		return threads;
	}

	/**
	 * What failed is tried again a minute later, which the executor does not do. Whoever
	 * writes to the store learns that its disk fails, and the application's keys know
	 * their own failures.
	 */
	private void runQuietly() {
		try {
			run();
		}
		catch (SQLException | IOException | RuntimeException | Error ex) {
			// Until then.
		}
	}

	/**
	 * Does now what is due.
	 * @throws SQLException if the database cannot be read or written
	 * @throws IOException if its log cannot be seen
	 */
	synchronized void run() throws SQLException, IOException {
		if (this.closed) {
			return;
		}
		try {
			if (this.dataKeys != null) {
				renew(this.dataKeys);
			}
		}
		finally {
			this.chore.run();
		}
	}

	private void renew(DataKeys dataKeys) {
		if (!dataKeys.isCurrent()) {
			this.swept = false;
			DataKeys.Made made = dataKeys.make();
			commit((statements) -> {
				made.store(statements);
				return null;
			});
			dataKeys.use(made);
			// What was sealed with the key before is committed when this is.
			commit((statements) -> null);
		}
		if (!this.swept) {
			sweep(dataKeys);
			this.swept = !this.closed;
		}
	}

	private void sweep(DataKeys dataKeys) {
		Set<Integer> used = new HashSet<>();
		for (SealedColumn column : SealedColumn.values()) {
			SealedRows page = read(column, null);
			while (!page.isEmpty() && !this.closed) {
				page.rows()
					.stream()
					.filter((row) -> !dataKeys.isOutdated(row.value()))
					.forEach((row) -> used.add(SealedValue.dataKey(row.value())));
				SealedRows outdated = page.outdated(dataKeys);
				if (!outdated.isEmpty()) {
					used.addAll(commit((statements) -> outdated.sealAgain(statements, dataKeys)));
				}
				page = read(column, page);
			}
		}
		if (!this.closed) {
			List<String> retired = commit((statements) -> dataKeys.deleteAllBut(statements, used));
			retired.forEach((id) -> dataKeys.retired(this.store, id));
		}
	}

	private SealedRows read(SealedColumn column, @Nullable SealedRows previous) {
		return this.reads.read((statements) -> SealedRows.read(statements, column, previous));
	}

	/** A row that is sealed again must not be written over one that was just changed. */
	private <T extends @Nullable Object> T commit(CommitQueue.Transaction<T> transaction) {
		try {
			return this.commits.submit((statements) -> {
				statements.awaitJoined();
				return transaction.run(statements);
			}, false).join();
		}
		catch (CompletionException ex) {
			throw new StoreException("The store cannot be sealed again", ex.getCause());
		}
	}

	/**
	 * Waits for the batch that is under way.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.due.cancel(false);
		synchronized (this) {
			// Nothing comes after what was under way.
		}
	}

	/**
	 * What a database needs once a minute.
	 */
	@FunctionalInterface
	interface Chore {

		void run() throws SQLException, IOException;

	}

}
