package com.pacerelle.client.encryption;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Published;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignedPreKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes prekeys, commits them, and only then publishes them: a crash in between leaves
 * messages readable that were made for them (gateway.md section 2.1). Confined to the
 * connection's thread; blocks.
 */
public final class PreKeys {

	/** How often signed and Kyber prekeys are replaced. */
	static final Duration ROTATION = Duration.ofDays(7);

	private static final int ONE_TIME_PREKEYS = 50;

	private static final Logger logger = LoggerFactory.getLogger(PreKeys.class);

	private final AgentStore store;

	private final PreKeyEndpoint endpoint;

	private final SecureRandom random;

	private final Clock clock;

	/** Each process publishes the bundle once, also one that was published before. */
	private boolean bundlePublished;

	public PreKeys(AgentStore store, PreKeyEndpoint endpoint, SecureRandom random, Clock clock) {
		this.store = store;
		this.endpoint = endpoint;
		this.random = random;
		this.clock = clock;
	}

	/**
	 * Whether people can write to the agent for the first time: the relay has a bundle,
	 * if not the newest.
	 * @return whether this process or one before has published one
	 */
	public boolean isBundlePublished() {
		return this.store.isBundlePublished();
	}

	/**
	 * Replaces what is used or old and publishes what is new, also what a process before
	 * has committed. The next call retries what fails.
	 */
	public void refresh() {
		Instant now = this.clock.instant();
		Published<SignedPreKey> signed = this.store.currentSignedPreKey();
		Published<KyberPreKey> kyber = this.store.currentKyberPreKey();
		boolean rotate = isDue(signed, now) || isDue(kyber, now);
		int missing = (rotate || this.store.oneTimePreKeyCount() <= ONE_TIME_PREKEYS / 2)
				? ONE_TIME_PREKEYS - (rotate ? 0 : this.store.oneTimePreKeyCount()) : 0;
		if (rotate || missing > 0) {
			create(rotate, missing, now);
		}
		publish();
	}

	private static boolean isDue(@Nullable Published<?> preKey, Instant now) {
		return preKey == null || preKey.createdAt().plus(ROTATION).isBefore(now);
	}

	private void create(boolean rotate, int oneTime, Instant now) {
		EcKeyPair identity = this.store.identityKeyPair();
		int id = this.store.reservePreKeyIds((rotate ? 1 : 0) + oneTime);
		SignedPreKey signed = null;
		KyberPreKey kyber = null;
		List<Change> changes = new ArrayList<>();
		if (rotate) {
			signed = SignedPreKey.generate(id, identity, this.random);
			kyber = KyberPreKey.generate(id, identity, this.random);
			id++;
		}
		List<OneTimePreKey> created = new ArrayList<>(oneTime);
		for (int i = 0; i < oneTime; i++) {
			created.add(OneTimePreKey.generate(id + i, this.random));
		}
		changes.add(new Change.PreKeysCreated(signed, kyber, created, now));
		this.store.commitAndWait(changes);
		this.bundlePublished = this.bundlePublished && !rotate;
		logger.debug("Made {} one-time prekeys{}", oneTime, rotate ? ", a signed and a Kyber prekey" : "");
	}

	private void publish() {
		if (!this.bundlePublished) {
			Published<SignedPreKey> signed = this.store.currentSignedPreKey();
			Published<KyberPreKey> kyber = this.store.currentKyberPreKey();
			if (signed == null || kyber == null) {
				throw new IllegalStateException("The store has lost the prekeys that it committed");
			}
			this.endpoint.publishBundle(this.store, signed.preKey(), kyber.preKey());
			this.store.commitAndWait(List.of(new Change.BundlePublished(signed.preKey().id())));
			this.bundlePublished = true;
		}
		List<OneTimePreKey> unpublished = this.store.unpublishedOneTimePreKeys();
		if (!unpublished.isEmpty()) {
			this.endpoint.publishOneTimePreKeys(unpublished);
			this.store.commitAndWait(
					List.of(new Change.OneTimePreKeysPublished(unpublished.stream().map(OneTimePreKey::id).toList())));
		}
	}

}
