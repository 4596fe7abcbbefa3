package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.util.ClassUtils;

/**
 * What a session hears of others by {@code NOTIFY}. Only the driver can wait for it, and
 * only if the pool hands out its connection: without it, others are looked after once a
 * second.
 */
final class Notifications {

	static final String CHANNEL = "pacerelle";

	private static final boolean DRIVER = ClassUtils.isPresent("org.postgresql.PGConnection",
			Notifications.class.getClassLoader());

	private final Connection connection;

	private final Driver driver;

	private Notifications(Connection connection, Driver driver) {
		this.connection = connection;
		this.driver = driver;
	}

	static @Nullable Notifications listen(Connection connection) throws SQLException {
		Driver driver = DRIVER ? Driver.of(connection) : null;
		if (driver == null) {
			return null;
		}
		execute(connection, "LISTEN " + CHANNEL);
		return new Notifications(connection, driver);
	}

	boolean await(Duration timeout) throws SQLException {
		return this.driver.await((int) timeout.toMillis());
	}

	void forget() throws SQLException {
		this.driver.forget();
	}

	void close() throws SQLException {
		execute(this.connection, "UNLISTEN " + CHANNEL);
		forget();
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Loaded only with the driver.
	 */
	private record Driver(PGConnection connection) {

		static @Nullable Driver of(Connection connection) throws SQLException {
			return connection.isWrapperFor(PGConnection.class) ? new Driver(connection.unwrap(PGConnection.class))
					: null;
		}

		boolean await(int millis) throws SQLException {
			return this.connection.getNotifications(millis).length > 0;
		}

		void forget() throws SQLException {
			this.connection.getNotifications();
		}

	}

}
