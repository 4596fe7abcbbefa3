package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;

/**
 * The advisory locks of all agents in this process, held by one session of the database,
 * which also waits for agents that others have. It is there while an agent is locked or
 * waited for. When it is lost, another one takes the locks as soon as it can; what
 * another process has taken meanwhile stays lost.
 */
final class AgentLocks {

	/** More often than the shortest lease time. */
	private static final Duration CHECK = Duration.ofSeconds(1);

	/** How long news are gathered of which one has come. */
	private static final Duration GATHERING = Duration.ofMillis(50);

	/** How long others wait for the session while it listens. */
	private static final Duration SLICE = Duration.ofMillis(100);

	private final DataSource dataSource;

	private final Duration leaseTime;

	private final String instance;

	private final Map<Integer, Lease> leases = new ConcurrentHashMap<>();

	private final Set<Watching> watches = ConcurrentHashMap.newKeySet();

	private final Set<Membership> memberships = ConcurrentHashMap.newKeySet();

	/**
	 * Guards the session while it is used, and the keeper. Fair, as the keeper listens.
	 */
	private final ReentrantLock lock = new ReentrantLock(true);

	/** Opening a session takes as long as the pool lets it, without the lock. */
	private final Object opening = new Object();

	private volatile @Nullable LockSession session;

	private volatile long confirmedAt;

	private @Nullable Thread keeper;

	AgentLocks(DataSource dataSource, Duration leaseTime, String instance) {
		this.dataSource = dataSource;
		this.leaseTime = leaseTime;
		this.instance = instance;
	}

	/**
	 * Locks an agent, and begins its next epoch.
	 * @param agentId the agent
	 * @return its lease, to be closed
	 * @throws SQLException if the database refuses
	 * @throws StoreInUseException if it is locked
	 */
	Lease take(String agentId) throws SQLException {
		LockSession session = lockSession();
		try {
			long asked = System.nanoTime();
			int number = session.number(agentId);
			if (this.leases.containsKey(number) || !session.tryLock(number)) {
				throw inUse(agentId, holder(session, agentId));
			}
			Lease lease = new Lease(this, agentId, number, session.beginEpoch(number, this.instance), this.leaseTime);
			this.leases.put(number, lease);
			this.confirmedAt = asked;
			return lease;
		}
		catch (SQLException ex) {
			// Whoever opens it again gets another session, and other leases are checked.
			abandonSession();
			throw ex;
		}
		finally {
			settle();
			this.lock.unlock();
		}
	}

	private static @Nullable LeaseHolder holder(LockSession session, String agentId) throws SQLException {
		return session.occupancies(List.of(agentId))
			.stream()
			.map(LockSession.Occupancy::holder)
			.findFirst()
			.orElse(null);
	}

	private static StoreInUseException inUse(String agentId, @Nullable LeaseHolder holder) {
		return new StoreInUseException("The store in " + Lease.describe(agentId) + " is in use"
				+ ((holder != null) ? " by " + holder : "")
				+ ": an agent runs once. Stop the other process or close the other client, or give this one another"
				+ " agent");
	}

	/**
	 * Unlocks an agent.
	 * @param lease its lease
	 */
	void release(Lease lease) {
		this.lock.lock();
		try {
			LockSession present = this.session;
			if (this.leases.remove(lease.number(), lease) && present != null && lease.isHeld()) {
				present.unlock(lease.number(), lease.agentId());
			}
		}
		catch (SQLException ex) {
			abandonSession();
		}
		finally {
			lease.setHeld(false);
			settle();
			this.lock.unlock();
		}
	}

	/**
	 * Gives a lease up that another process has taken.
	 * @param lease the lease, which cannot be used any more
	 */
	void lose(Lease lease) {
		if (this.leases.get(lease.number()) == lease) {
			release(lease);
			tell(lease.agentId(), LeaseListener::lost);
		}
	}

	/**
	 * Tells a listener what becomes of the lease of an agent.
	 * @param agentId the agent
	 * @param listener the listener
	 * @return to be closed
	 */
	SharedStore.Watch watch(String agentId, LeaseListener listener) {
		Watching watching = new Watching(agentId, listener);
		changeWatches(() -> this.watches.add(watching));
		return () -> changeWatches(() -> this.watches.remove(watching));
	}

	/**
	 * Makes this process one of those that share the agents of an application.
	 * @param membership the application, and who is told
	 * @return leaves
	 */
	SharedStore.Watch join(Membership membership) {
		changeWatches(() -> this.memberships.add(membership));
		return () -> changeWatches(() -> leave(membership));
	}

	private void leave(Membership membership) {
		if (this.memberships.remove(membership)) {
			try {
				membership.leave(this.session);
			}
			catch (SQLException ex) {
				abandonSession();
			}
		}
	}

	String instance() {
		return this.instance;
	}

	private void changeWatches(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			settle();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void tell(String agentId, Consumer<LeaseListener> news) {
		this.watches.stream()
			.filter((watching) -> watching.agentId.equals(agentId))
			.forEach((watching) -> news.accept(watching.listener));
	}

	/** There is a session while it is needed, and a thread that looks after it. */
	private void settle() {
		if (!isNeeded()) {
			closeSession();
		}
		else if (this.keeper == null) {
			Thread thread = new Thread(this::keep, "pacerelle-store-locks");
			thread.setDaemon(true);
			thread.start();
			this.keeper = thread;
		}
		else {
			LockSupport.unpark(this.keeper);
		}
	}

	private boolean isNeeded() {
		return !this.leases.isEmpty() || !this.watches.isEmpty() || !this.memberships.isEmpty();
	}

	private void keep() {
		while (!isDone()) {
			try {
				check().forEach(Runnable::run);
				pause();
			}
			catch (SQLException | RuntimeException | Error ex) {
				// Tried again. Until then, commits fail.
				LockSupport.parkNanos(CHECK.toNanos());
			}
		}
	}

	private boolean isDone() {
		this.lock.lock();
		try {
			if (isNeeded()) {
				return false;
			}
			this.keeper = null;
			closeSession();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Looks whether the session is there, and takes the locks with another one if not.
	 * Looks after agents that are waited for.
	 * @return what listeners are told
	 */
	private List<Runnable> check() throws SQLException {
		LockSession session = lockSession();
		try {
			long asked = System.nanoTime();
			if (!session.isAlive(this.leaseTime.minus(CHECK))) {
				abandonSession();
				this.lock.unlock();
				session = lockSession();
				asked = System.nanoTime();
			}
			session.forgetNotifications();
			List<Runnable> news = new ArrayList<>();
			for (Lease lease : this.leases.values()) {
				if (!lease.isHeld() && !takeAgain(session, lease)) {
					news.add(lease::lose);
				}
			}
			this.confirmedAt = asked;
			waited(session, news);
			for (Membership membership : this.memberships) {
				Distribution distribution = membership.look(session);
				news.add(() -> membership.tell(distribution));
			}
			return news;
		}
		catch (SQLException ex) {
			abandonSession();
			throw ex;
		}
		finally {
			if (this.lock.isHeldByCurrentThread()) {
				this.lock.unlock();
			}
		}
	}

	/**
	 * What nobody else has taken since then is as it was. As long as the server has not
	 * ended the session before, it still has the lock.
	 * @return whether there is no later epoch
	 */
	private static boolean takeAgain(LockSession session, Lease lease) throws SQLException {
		boolean locked = session.tryLock(lease.number());
		boolean present = session.epoch(lease.number()) == lease.epoch();
		lease.setHeld(locked && present);
		if (locked && !present) {
			session.unlock(lease.number(), lease.agentId());
		}
		return present;
	}

	private void waited(LockSession session, List<Runnable> news) throws SQLException {
		Set<String> waited = waited();
		if (waited.isEmpty()) {
			return;
		}
		for (LockSession.Occupancy occupancy : session.occupancies(waited)) {
			this.watches.stream()
				.filter((watching) -> watching.agentId.equals(occupancy.agentId()))
				.forEach((watching) -> news.add(() -> watching.tell(occupancy)));
			waited.remove(occupancy.agentId());
		}
		waited.forEach((unknown) -> news.add(() -> tell(unknown, LeaseListener::available)));
	}

	private Set<String> waited() {
		Set<String> waited = this.watches.stream().map((watching) -> watching.agentId).collect(Collectors.toSet());
		this.leases.values().forEach((lease) -> waited.remove(lease.agentId()));
		return waited;
	}

	/** Until the next check is due, or somebody has freed an agent. */
	private void pause() {
		long deadline = System.nanoTime() + CHECK.toNanos();
		boolean due = false;
		while (!due) {
			long rest = deadline - System.nanoTime();
			if (rest <= 0) {
				due = true;
			}
			else if (waited().isEmpty() && this.memberships.isEmpty()) {
				LockSupport.parkNanos(rest);
				due = true;
			}
			else {
				due = listen();
				if (due && !this.memberships.isEmpty()) {
					// Whoever frees one agent mostly frees many.
					LockSupport.parkNanos(GATHERING.toNanos());
				}
			}
		}
	}

	private boolean listen() {
		Boolean heard = null;
		this.lock.lock();
		try {
			LockSession present = this.session;
			heard = (present != null) ? present.awaitNotification(SLICE) : null;
		}
		catch (SQLException ex) {
			abandonSession();
			heard = true;
		}
		finally {
			this.lock.unlock();
		}
		if (heard == null) {
			LockSupport.parkNanos(SLICE.toNanos());
		}
		return heard != null && heard;
	}

	/** Returns with the lock. */
	private LockSession lockSession() throws SQLException {
		this.lock.lock();
		LockSession present = this.session;
		while (present == null) {
			this.lock.unlock();
			openSession();
			this.lock.lock();
			present = this.session;
		}
		return present;
	}

	private void openSession() throws SQLException {
		synchronized (this.opening) {
			if (this.session == null) {
				this.session = LockSession.open(this.dataSource, this.leaseTime);
			}
		}
	}

	private void abandonSession() {
		LockSession lost = this.session;
		if (lost == null) {
			return;
		}
		this.session = null;
		lost.abandon();
		if (!this.leases.isEmpty()) {
			this.leases.values().forEach((lease) -> lease.setHeld(false));
			long rest = this.confirmedAt + this.leaseTime.toNanos() - System.nanoTime();
			long deadline = System.nanoTime() + Math.min(rest, CHECK.toNanos());
			Thread thread = new Thread(() -> doubt(deadline), "pacerelle-store-doubt");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Another process may have the locks when the lease time has passed since the server
	 * answered the last time, and already now if the server has seen the end of the
	 * session. They may as well be back in a moment.
	 */
	private void doubt(long deadline) {
		for (long rest = deadline - System.nanoTime(); rest > 0; rest = deadline - System.nanoTime()) {
			LockSupport.parkNanos(rest);
		}
		this.leases.values()
			.stream()
			.filter((lease) -> !lease.isHeld())
			.forEach((lease) -> tell(lease.agentId(), LeaseListener::doubted));
	}

	private void closeSession() {
		LockSession closed = this.session;
		this.session = null;
		if (closed != null) {
			closed.close();
		}
	}

	/**
	 * A listener, and what it was told last.
	 */
	private static final class Watching {

		private final String agentId;

		private final LeaseListener listener;

		private @Nullable LeaseHolder holder;

		Watching(String agentId, LeaseListener listener) {
			this.agentId = agentId;
			this.listener = listener;
		}

		/** Called by the keeper only. */
		void tell(LockSession.Occupancy occupancy) {
			LeaseHolder present = occupancy.locked() ? occupancy.holder() : null;
			if (!occupancy.locked()) {
				this.listener.available();
			}
			else if (present != null && !present.equals(this.holder)) {
				this.listener.taken(present);
			}
			this.holder = present;
		}

	}

}
