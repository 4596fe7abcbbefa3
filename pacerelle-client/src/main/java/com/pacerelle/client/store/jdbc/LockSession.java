package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import javax.sql.DataSource;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The session of the database that has the advisory locks of this process. The server
 * ends it, and frees the locks, when it has heard nothing of it for the lease time: by
 * its own clock, so that a process that hangs or is cut off cannot keep them.
 */
final class LockSession implements AutoCloseable {

	/** The first key of each advisory lock; the second is the number of the agent. */
	static final int KEY = 0x50414345;

	private static final Duration MAX_PATIENCE = Duration.ofSeconds(10);

	private static final String FIND_NUMBER = "SELECT number FROM pacerelle.leases WHERE agent_id = ?";

	private static final String ADD_AGENT = "INSERT INTO pacerelle.leases (agent_id, epoch, commits) VALUES (?, 0, 0)"
			+ " ON CONFLICT DO NOTHING RETURNING number";

	private static final String BEGIN_EPOCH = "UPDATE pacerelle.leases SET epoch = epoch + 1, instance = ?,"
			+ " since = clock_timestamp() WHERE number = ? RETURNING epoch, since";

	private static final String READ_EPOCH = "SELECT epoch FROM pacerelle.leases WHERE number = ?";

	private static final String LOCK = "SELECT pg_try_advisory_lock(?, ?)::INTEGER";

	/** Whoever waits for the agent looks at once. */
	private static final String UNLOCK = "SELECT pg_advisory_unlock(?, ?)::INTEGER, pg_notify('" + Notifications.CHANNEL
			+ "', ?)";

	/** Shared by the processes of an application, each for as long as it is there. */
	private static final int MEMBERS = KEY + 1;

	/** Whoever wants an agent, whatever its share. */
	private static final int PINS = KEY + 2;

	private static final String JOIN = "SELECT pg_try_advisory_lock_shared(?, ?)::INTEGER, pg_notify('"
			+ Notifications.CHANNEL + "', '')";

	private static final String LEAVE = "SELECT pg_advisory_unlock_shared(?, ?)::INTEGER, pg_notify('"
			+ Notifications.CHANNEL + "', '')";

	private static final String UNPIN = "SELECT pg_advisory_unlock(?, ?)::INTEGER";

	private static final String HELD = """
			WITH held AS MATERIALIZED (
				SELECT classid::BIGINT AS class, objid::BIGINT AS number, pid FROM pg_locks
				JOIN pg_database ON pg_locks.database = pg_database.oid AND datname = current_database()
				WHERE locktype = 'advisory' AND objsubid = 2 AND granted)
			""";

	private static final String COUNT_MEMBERS = HELD + "SELECT count(*) FROM held WHERE class = ? AND number = ?";

	private static final String READ_DISTRIBUTION = HELD + """
			SELECT installations.agent_id, revision, agent.number IS NOT NULL, instance, since,
				pin.pid, pg_backend_pid()
			FROM pacerelle.installations
			LEFT JOIN pacerelle.leases ON leases.agent_id = installations.agent_id
			LEFT JOIN held agent ON agent.class = ? AND agent.number = leases.number
			LEFT JOIN held pin ON pin.class = ? AND pin.number = leases.number
			WHERE application = ?""";

	private static final String READ_OCCUPANCY = """
			SELECT agent_id, instance, since, EXISTS (SELECT FROM pg_locks
				JOIN pg_database ON pg_locks.database = pg_database.oid AND datname = current_database()
				WHERE locktype = 'advisory' AND classid = ? AND objid = number AND objsubid = 2 AND granted)
			FROM pacerelle.leases WHERE agent_id = ANY (?)""";

	private final BorrowedConnection borrowed;

	private final Connection connection;

	private final boolean autoCommit;

	private final @Nullable Notifications notifications;

	private LockSession(BorrowedConnection borrowed, Duration leaseTime) throws SQLException {
		this.borrowed = borrowed;
		this.connection = borrowed.connection();
		this.autoCommit = this.connection.getAutoCommit();
		this.connection.setAutoCommit(true);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("SET idle_session_timeout = " + leaseTime.toMillis());
		}
		this.notifications = Notifications.listen(this.connection);
	}

	static LockSession open(DataSource dataSource, Duration leaseTime) throws SQLException {
		BorrowedConnection borrowed = BorrowedConnection.from(dataSource);
		LockSession session = null;
		try {
			session = new LockSession(borrowed, leaseTime);
			return session;
		}
		finally {
			if (session == null) {
				discard(borrowed);
			}
		}
	}

	/**
	 * Tells the server as well that this process is alive.
	 * @param patience how long the answer may take, at least a second
	 */
	boolean isAlive(Duration patience) throws SQLException {
		return this.connection.isValid((int) Math.min(patience.toSeconds(), MAX_PATIENCE.toSeconds()));
	}

	/** Names an agent in all tables. */
	int number(String agentId) throws SQLException {
		Long known = find(FIND_NUMBER, agentId);
		if (known == null) {
			find(ADD_AGENT, agentId);
			known = find(FIND_NUMBER, agentId);
		}
		if (known == null) {
			throw new StoreException("The lease of agent '" + agentId + "' was deleted while its store was opened",
					null);
		}
		return known.intValue();
	}

	boolean tryLock(int number) throws SQLException {
		Long locked = find(LOCK, KEY, number);
		return locked != null && locked == 1;
	}

	void unlock(int number, String agentId) throws SQLException {
		find(UNLOCK, KEY, number, agentId);
	}

	/**
	 * Begins the next epoch of an agent that is locked. Waits for the transaction of the
	 * one before, if there is one.
	 */
	Epoch beginEpoch(int number, String instance) throws SQLException {
		try (PreparedStatement statement = prepare(BEGIN_EPOCH, instance, number);
				ResultSet row = statement.executeQuery()) {
			if (!row.next()) {
				throw new StoreException("The lease of an agent was deleted while its store was opened", null);
			}
			return new Epoch(row.getLong(1), new LeaseHolder(instance, since(row, 2)));
		}
	}

	long epoch(int number) throws SQLException {
		Long epoch = find(READ_EPOCH, number);
		return (epoch != null) ? epoch : 0;
	}

	/**
	 * Looks who has agents.
	 * @param agentIds which ones
	 * @return what is known of those that have run at least once
	 */
	List<Occupancy> occupancies(Collection<String> agentIds) throws SQLException {
		List<Occupancy> occupancies = new ArrayList<>();
		try (PreparedStatement statement = prepare(READ_OCCUPANCY, KEY,
				this.connection.createArrayOf("text", agentIds.toArray())); ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				String instance = row.getString(2);
				occupancies.add(new Occupancy(row.getString(1), row.getBoolean(4),
						(instance != null) ? new LeaseHolder(instance, since(row, 3)) : null));
			}
		}
		return occupancies;
	}

	/** Makes this process one of those that share the agents of an application. */
	void join(String application) throws SQLException {
		find(JOIN, MEMBERS, key(application));
	}

	void leave(String application) throws SQLException {
		find(LEAVE, MEMBERS, key(application));
	}

	/** Tells the others that an agent is for this process; does nothing if it is not. */
	void pin(int number) throws SQLException {
		find(LOCK, PINS, number);
	}

	void unpin(int number) throws SQLException {
		find(UNPIN, PINS, number);
	}

	/**
	 * Looks who has the agents that people have installed.
	 */
	Distribution distribution(String application) throws SQLException {
		Long members = find(COUNT_MEMBERS, MEMBERS, key(application));
		List<Distribution.Placement> agents = new ArrayList<>();
		try (PreparedStatement statement = prepare(READ_DISTRIBUTION, KEY, PINS, application);
				ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				String instance = row.getBoolean(3) ? row.getString(4) : null;
				agents.add(new Distribution.Placement(row.getString(1), row.getLong(2),
						(instance != null) ? new LeaseHolder(instance, since(row, 5)) : null, pin(row)));
			}
		}
		return new Distribution((members != null) ? members.intValue() : 0, agents);
	}

	private static Distribution.Pin pin(ResultSet row) throws SQLException {
		long pid = row.getLong(6);
		if (row.wasNull()) {
			return Distribution.Pin.NONE;
		}
		return (pid == row.getLong(7)) ? Distribution.Pin.HERE : Distribution.Pin.ELSEWHERE;
	}

	/** Two applications with one key would share processes, and no agents. */
	private static int key(String application) {
		return application.hashCode() & Integer.MAX_VALUE;
	}

	/**
	 * Waits for somebody to free an agent.
	 * @param timeout how long
	 * @return whether somebody did, {@code null} if the driver cannot say
	 */
	@Nullable Boolean awaitNotification(Duration timeout) throws SQLException {
		return (this.notifications != null) ? this.notifications.await(timeout) : null;
	}

	/** Forgets notifications that nobody waited for. */
	void forgetNotifications() throws SQLException {
		if (this.notifications != null) {
			this.notifications.forget();
		}
	}

	private static Instant since(ResultSet row, int column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

	private @Nullable Long find(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(sql, parameters); ResultSet row = statement.executeQuery()) {
			return row.next() ? row.getLong(1) : null;
		}
	}

	private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		return statement;
	}

	/** Gives the connection back as it was. Its locks must be free. */
	@Override
	public void close() {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("RESET idle_session_timeout");
			if (this.notifications != null) {
				this.notifications.close();
			}
			this.connection.setAutoCommit(this.autoCommit);
			this.borrowed.close();
		}
		catch (SQLException ex) {
			abandon();
		}
	}

	/** A session that may still have locks must not get back into a pool. */
	void abandon() {
		discard(this.borrowed);
	}

	private static void discard(BorrowedConnection borrowed) {
		try (borrowed) {
			borrowed.connection().abort(Runnable::run);
		}
		catch (SQLException ex) {
			// It is lost: the pool or the server ends it.
		}
	}

	/**
	 * An epoch that has begun.
	 *
	 * @param number grows with each
	 * @param holder who has begun it
	 */
	record Epoch(long number, LeaseHolder holder) {
	}

	/**
	 * Who has an agent.
	 *
	 * @param agentId the agent
	 * @param locked whether anybody has it
	 * @param holder who has it, or had it last
	 */
	record Occupancy(String agentId, boolean locked, @Nullable LeaseHolder holder) {
	}

}
