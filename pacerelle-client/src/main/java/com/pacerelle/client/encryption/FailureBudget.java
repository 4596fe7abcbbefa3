package com.pacerelle.client.encryption;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.pacerelle.signal.ProtocolAddress;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of a peer may turn out to be forged at full cost. Who has used up the
 * budget has to wait, twice as long each time; only what costs no more than an honest
 * message is decrypted meanwhile. Thread-safe.
 */
final class FailureBudget {

	static final int FREE_FAILURES = 5;

	static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	static final Duration MAX_PAUSE = Duration.ofMinutes(2);

	/** A peer without a failure for so long starts anew. */
	static final Duration FORGET_AFTER = Duration.ofMinutes(10);

	/** Beyond that, the peer whose last failure is the oldest starts anew. */
	static final int MAX_PEERS = 1000;

	private final Clock clock;

	private final Map<ProtocolAddress, Account> accounts = new LinkedHashMap<>();

	FailureBudget(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Whether a peer has used up its budget.
	 * @param peer the peer
	 * @return whether a pause is not over yet
	 */
	synchronized boolean isUsedUp(ProtocolAddress peer) {
		Account account = this.accounts.get(peer);
		return account != null && this.clock.instant().isBefore(account.pausedUntil());
	}

	/**
	 * Takes note of a forged message that was not found out cheaply.
	 * @param peer who is said to have sent it
	 * @return how long only cheap messages are decrypted, or {@code null} if the budget
	 * is not used up
	 */
	synchronized @Nullable Duration failed(ProtocolAddress peer) {
		Instant now = this.clock.instant();
		Account account = this.accounts.remove(peer);
		int failures = (account != null && now.isBefore(account.lastFailure().plus(FORGET_AFTER)))
				? account.failures() + 1 : 1;
		Duration pause = pauseAfter(failures);
		this.accounts.put(peer, new Account(failures, now, (pause != null) ? now.plus(pause) : now));
		if (this.accounts.size() > MAX_PEERS) {
			this.accounts.remove(this.accounts.keySet().iterator().next());
		}
		return pause;
	}

	private static @Nullable Duration pauseAfter(int failures) {
		if (failures < FREE_FAILURES) {
			return null;
		}
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - FREE_FAILURES, 20));
		return (pause.compareTo(MAX_PAUSE) < 0) ? pause : MAX_PAUSE;
	}

	/**
	 * What a peer has cost.
	 *
	 * @param failures how many messages were forged
	 * @param lastFailure when the last one came
	 * @param pausedUntil when the pause is over
	 */
	private record Account(int failures, Instant lastFailure, Instant pausedUntil) {
	}

}
