package com.pacerelle.spring.connect;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;

import com.pacerelle.client.connect.AuthorizationSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of pending installations for a bounded time. It can be part of
 * an HTTP session, and be kept with it.
 */
public final class InMemoryPendingInstallations implements PendingInstallations, Serializable {

	private static final long serialVersionUID = 1L;

	private static final Duration MAX_AGE = Duration.ofMinutes(30);

	private final int capacity;

	private final Clock clock;

	private final ArrayDeque<Pending> oldestFirst = new ArrayDeque<>();

	/**
	 * Creates an empty one.
	 * @param capacity how many are kept, at least 1: a new one evicts the oldest
	 * @param clock tells when 30 minutes are over
	 */
	public InMemoryPendingInstallations(int capacity, Clock clock) {
		if (capacity < 1) {
			throw new IllegalArgumentException("'capacity' must be at least 1");
		}
		this.capacity = capacity;
		this.clock = clock;
	}

	@Override
	public synchronized void add(AuthorizationSecrets secrets) {
		forgetOld();
		if (this.oldestFirst.size() == this.capacity) {
			this.oldestFirst.remove();
		}
		this.oldestFirst.add(new Pending(secrets, this.clock.instant().plus(MAX_AGE)));
	}

	@Override
	public synchronized @Nullable AuthorizationSecrets take(String state) {
		forgetOld();
		for (Iterator<Pending> all = this.oldestFirst.iterator(); all.hasNext();) {
			Pending pending = all.next();
			if (pending.secrets().hasState(state)) {
				all.remove();
				return pending.secrets();
			}
		}
		return null;
	}

	private void forgetOld() {
		Instant now = this.clock.instant();
		this.oldestFirst.removeIf((pending) -> !pending.expiresAt().isAfter(now));
	}

	private record Pending(AuthorizationSecrets secrets, Instant expiresAt) implements Serializable {
	}

}
