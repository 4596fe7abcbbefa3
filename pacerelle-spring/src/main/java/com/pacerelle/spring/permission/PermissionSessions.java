package com.pacerelle.spring.permission;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.client.permission.PermissionSession;
import org.jspecify.annotations.Nullable;

/**
 * The permission session of the application: one after the other, each of bounded length.
 * Permissions end with their session and with the process.
 */
public final class PermissionSessions {

	private final String label;

	private final Duration length;

	private final Clock clock;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable PermissionPolicy policy;

	/**
	 * Creates the sessions.
	 * @param label what a person reads about who asks
	 * @param length how long a session lasts at most
	 * @param clock tells the time
	 */
	public PermissionSessions(String label, Duration length, Clock clock) {
		this.label = label;
		this.length = length;
		this.clock = clock;
	}

	/**
	 * The policy of the current session; an expired session is replaced by a new one
	 * without grants.
	 * @return the policy, to look at grants, to revoke them and to end the session
	 */
	public PermissionPolicy current() {
		this.lock.lock();
		try {
			PermissionPolicy current = this.policy;
			if (current == null || current.isEnded()) {
				current = new PermissionPolicy(new PermissionSession(UUID.randomUUID().toString(), this.label,
						this.clock.instant().plus(this.length)), this.clock);
				this.policy = current;
			}
			return current;
		}
		finally {
			this.lock.unlock();
		}
	}

}
