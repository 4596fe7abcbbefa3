package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;

import com.pacerelle.client.store.Distribution;
import org.jspecify.annotations.Nullable;

/**
 * This process as one of those that share the agents of an application: a shared lock of
 * its session, as long as that lives, and another one for each agent that it wants.
 */
final class Membership {

	private final String application;

	private final Set<String> pinned;

	private final Consumer<Distribution> listener;

	private @Nullable LockSession session;

	Membership(String application, Set<String> pinned, Consumer<Distribution> listener) {
		this.application = application;
		this.pinned = pinned;
		this.listener = listener;
	}

	/**
	 * Takes the locks, unless this session has them.
	 * @param present the session
	 * @return who has which agent
	 * @throws SQLException if the database refuses
	 */
	Distribution look(LockSession present) throws SQLException {
		if (this.session != present) {
			this.session = null;
			present.join(this.application);
			for (String agentId : this.pinned) {
				present.pin(present.number(agentId));
			}
			this.session = present;
		}
		return present.distribution(this.application);
	}

	/**
	 * Frees the locks.
	 * @param present the session, or {@code null} if there is none
	 * @throws SQLException if the database refuses
	 */
	void leave(@Nullable LockSession present) throws SQLException {
		if (present != null && this.session == present) {
			this.session = null;
			present.leave(this.application);
			for (String agentId : this.pinned) {
				present.unpin(present.number(agentId));
			}
		}
	}

	void tell(Distribution distribution) {
		this.listener.accept(distribution);
	}

}
