package com.pacerelle.client.connection;

import java.time.Duration;
import java.util.SplittableRandom;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.ConnectionSettings;
import com.pacerelle.client.encryption.PreKeys;
import com.pacerelle.client.http.RelayHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes prekeys before a connection, and replaces used and old ones while it lasts.
 * Confined to the connection's thread, which may block, but for {@link #preKeyUsed()}.
 */
final class PreKeyMaintenance {

	private static final Logger logger = LoggerFactory.getLogger(PreKeyMaintenance.class);

	private static final Duration INTERVAL = Duration.ofHours(1);

	private final boolean encrypted;

	private final ConnectionSettings settings;

	private final RelayHttpClient relay;

	private final PreKeys preKeys;

	private final Backoff backoff;

	private volatile boolean preKeyUsed;

	private long due = System.nanoTime();

	PreKeyMaintenance(AgentGatewaySettings settings, RelayHttpClient relay, PreKeys preKeys) {
		this.encrypted = settings.encrypted();
		this.settings = settings.connection();
		this.relay = relay;
		this.preKeys = preKeys;
		this.backoff = new Backoff(this.settings.minBackoff(), this.settings.maxBackoff(), new SplittableRandom());
	}

	/**
	 * Schedules the replacement of prekeys.
	 */
	void preKeyUsed() {
		this.preKeyUsed = true;
	}

	/**
	 * How long until {@link #maintain()} is to be called.
	 * @return nanoseconds, 0 or less if it is time
	 */
	long nanosUntilDue() {
		return (this.preKeyUsed && this.encrypted) ? 0 : this.due - System.nanoTime();
	}

	/**
	 * Publishes what is to be published before a connection. Only a relay without any
	 * bundle, and a token that it refuses, are reasons not to connect: else a failure is
	 * logged, and retried after a pause.
	 * @return why not to connect, or {@code null}
	 */
	@Nullable ConnectionEnd publishFirst() {
		if (this.encrypted && !this.preKeys.isBundlePublished()) {
			publish();
			return null;
		}
		ConnectionEnd failure = (nanosUntilDue() <= 0) ? maintain() : null;
		return (failure != null && failure.isTokenRefused()) ? failure : null;
	}

	private void publish() {
		this.due = System.nanoTime() + INTERVAL.toNanos();
		if (this.encrypted) {
			this.preKeyUsed = false;
			this.preKeys.refresh();
		}
	}

	/**
	 * Publishes again. A failure is logged, and retried after a pause.
	 * @return the failure, or {@code null}
	 */
	@Nullable ConnectionEnd maintain() {
		try {
			publish();
			this.backoff.reset();
			return null;
		}
		catch (RuntimeException | Error ex) {
			ConnectionEnd failure = ConnectionEnd.ofFailure(ex, new Redaction(this.relay.token()));
			Duration pause = failure.isTokenRefused() ? this.settings.tokenRefusedBackoff() : this.backoff.next();
			this.due = System.nanoTime() + pause.toNanos();
			logger.warn("New prekeys could not be published, next attempt in {} ms: {}", pause.toMillis(),
					failure.reason());
			return failure;
		}
	}

}
