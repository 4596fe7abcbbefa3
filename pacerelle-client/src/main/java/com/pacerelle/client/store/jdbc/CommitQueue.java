package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: one thread runs all transactions that wait, each in a savepoint, as one
 * transaction of the database, so that the disk is flushed once for all of them. One that
 * fails is rolled back alone.
 */
final class CommitQueue implements AutoCloseable {

	private static final int CAPACITY = 1024;

	private static final int GROUP_LIMIT = 256;

	private static final long NO_THREAD_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final Writer writer;

	private final Duration deferral;

	private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();

	private final Semaphore places = new Semaphore(CAPACITY);

	private final Pending<Boolean> last = new Pending<>((statements) -> true, true, true);

	/** Made in time: when there is no memory, there is none for an exception either. */
	private final StoreException unexplained = new StoreException(
			"The store cannot be written, and there was no memory to say why", null);

	// Read-locked to submit, write-locked to close: nothing comes after the last one.
	private final ReadWriteLock gate = new ReentrantReadWriteLock();

	private final ExecutorService completions;

	private boolean closed;

	private volatile long commits;

	/**
	 * Starts the writing thread.
	 * @param writer writes, and nobody else uses it any more
	 * @param deferral how long transactions that are not urgent wait for others to share
	 * a flush of the disk
	 * @param name what the threads are called
	 */
	CommitQueue(Writer writer, Duration deferral, String name) {
		this(writer, deferral, name, (task) -> daemon(task, name + "-committed"));
	}

	CommitQueue(Writer writer, Duration deferral, String name, ThreadFactory completionThreads) {
		this.writer = writer;
		this.deferral = deferral;
		// A thread for each dependent that blocks: neither the writer nor another
		// dependent waits for it.
		this.completions = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				completionThreads);
		daemon(this::write, name + "-writer").start();
	}

	/**
	 * Runs and commits a transaction; waits while too many others are pending.
	 * @param <T> its result
	 * @param transaction changes rows, on the writing thread
	 * @param urgent whether it is written at once
	 * @return completes when the changes are on the disk, and never on the writing
	 * thread; fails with the {@link RuntimeException} of the transaction, or with
	 * {@link StoreException}
	 */
	<T extends @Nullable Object> CompletableFuture<T> submit(Transaction<T> transaction, boolean urgent) {
		return submit(new Pending<>(transaction, urgent, false));
	}

	/**
	 * Runs and commits a transaction, and waits for it. The writing thread itself wakes
	 * the caller.
	 * @param <T> its result
	 * @param transaction changes rows, on the writing thread
	 * @param urgent whether it is written at once
	 * @return its result
	 * @throws CompletionException with the cause that {@link #submit} fails with
	 */
	<T extends @Nullable Object> T await(Transaction<T> transaction, boolean urgent) {
		return submit(new Pending<>(transaction, urgent, true)).join();
	}

	private <T extends @Nullable Object> CompletableFuture<T> submit(Pending<T> pending) {
		this.gate.readLock().lock();
		try {
			if (this.closed) {
				return CompletableFuture.failedFuture(new StoreException("The store is closed", null));
			}
			this.places.acquireUninterruptibly();
			boolean queued = false;
			try {
				this.queue.add(pending);
				queued = true;
				return pending.future;
			}
			finally {
				if (!queued) {
					this.places.release();
				}
			}
		}
		finally {
			this.gate.readLock().unlock();
		}
	}

	/**
	 * How many transactions of the database there were so far.
	 * @return the number
	 */
	long commits() {
		return this.commits;
	}

	/**
	 * Waits until everything that was submitted is committed, then closes the writer.
	 */
	@Override
	public void close() {
		this.gate.writeLock().lock();
		try {
			if (!this.closed) {
				this.closed = true;
				this.queue.add(this.last);
			}
		}
		finally {
			this.gate.writeLock().unlock();
		}
		this.last.future.exceptionally((failure) -> true).join();
		this.completions.shutdown();
		try {
			this.writer.close();
		}
		catch (SQLException ex) {
			throw new StoreException("The store cannot be closed; what was committed is safe", ex);
		}
	}

	private void write() {
		List<Pending<?>> group = new ArrayList<>(GROUP_LIMIT);
		while (!group.contains(this.last)) {
			group.clear();
			try {
				take(group);
			}
			catch (InterruptedException | RuntimeException | Error ex) {
				// What was taken continues; without this thread nobody would be answered.
			}
			this.places.release(group.size());
			if (!group.isEmpty()) {
				commit(group);
			}
			for (int i = 0; i < group.size(); i++) {
				settle(group.get(i));
			}
		}
	}

	private void take(List<Pending<?>> group) throws InterruptedException {
		Pending<?> next = this.queue.take();
		long deadline = System.nanoTime() + this.deferral.toNanos();
		boolean urgent = false;
		while (next != null) {
			group.add(next);
			urgent = urgent || next.urgent;
			boolean wait = !urgent && group.size() < GROUP_LIMIT;
			next = (group.size() == GROUP_LIMIT) ? null
					: this.queue.poll(wait ? deadline - System.nanoTime() : 0, TimeUnit.NANOSECONDS);
		}
	}

	private void commit(List<Pending<?>> group) {
		try {
			Statements statements = this.writer.begin();
			for (int i = 0; i < group.size(); i++) {
				run(group.get(i), statements);
			}
			this.writer.commit();
			this.commits++;
		}
		catch (Throwable ex) {
			fail(group, ex);
		}
	}

	private <T extends @Nullable Object> void run(Pending<T> pending, Statements statements) throws SQLException {
		statements.update(Sql.SAVE);
		try {
			pending.succeed(pending.transaction.run(statements));
			statements.update(Sql.RELEASE);
		}
		catch (SQLException | RuntimeException ex) {
			undo(statements, ex);
			pending.fail((ex instanceof RuntimeException refused) ? refused : cannotWrite(ex));
		}
	}

	/** Never fails: else the callers would wait for ever. */
	private void fail(List<Pending<?>> group, Throwable cause) {
		Throwable unfinished = rollBack();
		StoreException failure = this.unexplained;
		try {
			StoreException explained = (cause instanceof StoreException known) ? known : cannotWrite(cause);
			if (unfinished != null) {
				explained.addSuppressed(unfinished);
			}
			failure = explained;
		}
		catch (RuntimeException | Error ex) {
			// There is no memory for it.
		}
		for (int i = 0; i < group.size(); i++) {
			group.get(i).fail(failure);
		}
	}

	private static void undo(Statements statements, Exception failure) throws SQLException {
		try {
			statements.update(Sql.ROLL_BACK_TO_SAVEPOINT);
			statements.update(Sql.RELEASE);
		}
		catch (SQLException ex) {
			// The database has given up the whole transaction, as with a full disk.
			ex.addSuppressed(failure);
			throw ex;
		}
	}

	private @Nullable Throwable rollBack() {
		try {
			this.writer.rollBack();
			return null;
		}
		catch (SQLException | RuntimeException | Error ex) {
			// The database has rolled back by itself; if not, the next group cannot
			// begin.
			return ex;
		}
	}

	private void settle(Pending<?> pending) {
		if (pending.awaited) {
			pending.run();
		}
		else {
			handOver(pending);
		}
	}

	/**
	 * Completes a future on another thread. While none can be started, everything waits:
	 * else the future would never complete.
	 */
	private void handOver(Runnable outcome) {
		boolean done = false;
		while (!done) {
			try {
				this.completions.execute(outcome);
				done = true;
			}
			catch (RuntimeException | Error ex) {
				LockSupport.parkNanos(NO_THREAD_PAUSE_NANOS);
			}
		}
	}

	private static StoreException cannotWrite(Throwable cause) {
		return new StoreException("The store cannot be written, and nothing of the change was: see the cause, and"
				+ " whether its disk is full or read-only", cause);
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Changes rows.
	 *
	 * @param <T> the result
	 */
	@FunctionalInterface
	interface Transaction<T extends @Nullable Object> {

		T run(Statements statements) throws SQLException;

	}

	/**
	 * A transaction and, once it is settled, what completes its future.
	 */
	private static final class Pending<T extends @Nullable Object> implements Runnable {

		private final Transaction<T> transaction;

		private final boolean urgent;

		/** Nobody has the future but a thread that waits. */
		private final boolean awaited;

		private final CompletableFuture<T> future = new CompletableFuture<>();

		private @Nullable T result;

		private @Nullable RuntimeException failure;

		Pending(Transaction<T> transaction, boolean urgent, boolean awaited) {
			this.transaction = transaction;
			this.urgent = urgent;
			this.awaited = awaited;
		}

		void succeed(T result) {
			this.result = result;
		}

		void fail(RuntimeException failure) {
			this.failure = failure;
		}

		@Override
		@SuppressWarnings("NullAway") // the result is null only where T allows it
		public void run() {
			if (this.failure != null) {
				this.future.completeExceptionally(this.failure);
			}
			else {
				this.future.complete(this.result);
			}
		}

	}

}
