package com.pacerelle.spring.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.KnownInstallation;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreInUseException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.log.LogMessage;

/**
 * Shares the agents of installations with other processes: takes those that are free and
 * gives some back, as {@link Balance} decides.
 */
final class Fleet {

	private static final Log logger = LogFactory.getLog(Fleet.class);

	/** Others may come at the same time as this process. */
	private static final Duration BEFORE_TAKING = Duration.ofSeconds(1);

	/** A process that restarts again and again moves no agent that runs. */
	private static final Duration BEFORE_GIVING = Duration.ofSeconds(3);

	/** After a failure, so that the log does not fill. */
	private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

	/** For each agent that is taken at the same time: not all ask the relay at once. */
	private static final Duration SPREAD = Duration.ofMillis(5);

	private static final int TAKING_THREADS = 8;

	private final SharedAgents shared;

	private final Map<String, InstalledAgent> agents;

	private final InstalledAgent.Context context;

	private final Random random = new Random();

	/** The revisions of what this process has, or is taking. */
	private final Map<String, Long> mine = new ConcurrentHashMap<>();

	/** Those that this process gives back and that have not stopped yet. */
	private final Set<String> leaving = ConcurrentHashMap.newKeySet();

	private final Map<String, Long> failedAt = new ConcurrentHashMap<>();

	private final AtomicBoolean balancing = new AtomicBoolean();

	private volatile Distribution seen = new Distribution(0, List.of());

	private volatile @Nullable Scheduler taking;

	private SharedStore.@Nullable Watch membership;

	private int processes;

	private long changedAt;

	private boolean took;

	Fleet(SharedAgents shared, Map<String, InstalledAgent> agents, InstalledAgent.Context context) {
		this.shared = shared;
		this.agents = agents;
		this.context = context;
	}

	Distribution distribution() {
		return this.seen;
	}

	synchronized void join() {
		this.taking = Schedulers.newBoundedElastic(TAKING_THREADS, Integer.MAX_VALUE, "pacerelle-fleet", 10, true);
		this.took = false;
		this.processes = 0;
		this.membership = this.shared.installations().join(this.shared.pinned(), this::changed);
		logger.info(
				LogMessage.format("Instance '%s' shares the installed agents", this.shared.installations().instance()));
	}

	synchronized void leave() {
		Scheduler stopped = this.taking;
		this.taking = null;
		if (this.membership != null) {
			this.membership.close();
			this.membership = null;
		}
		if (stopped != null) {
			stopped.disposeGracefully().subscribe();
		}
	}

	/** Called by whoever keeps the leases, who must not wait. */
	private void changed(Distribution distribution) {
		this.seen = distribution;
		Scheduler present = this.taking;
		if (present != null && this.balancing.compareAndSet(false, true)) {
			try {
				present.schedule(this::balance);
			}
			catch (RuntimeException ex) {
				// Nothing is taken any more.
				this.balancing.set(false);
			}
		}
	}

	private void balance() {
		try {
			balance(this.seen);
		}
		catch (RuntimeException ex) {
			logger.error("The installed agents cannot be shared, and this is tried again", ex);
		}
		finally {
			this.balancing.set(false);
		}
	}

	private synchronized void balance(Distribution distribution) {
		long now = System.nanoTime();
		if (distribution.processes() != this.processes) {
			this.processes = distribution.processes();
			this.changedAt = now;
		}
		Duration unchanged = Duration.ofNanos(now - this.changedAt);
		Scheduler present = this.taking;
		if (present == null || (!this.took && unchanged.compareTo(BEFORE_TAKING) < 0)) {
			return;
		}
		this.took = true;
		this.failedAt.values().removeIf((failed) -> now - failed > AFTER_FAILURE.toNanos());
		Map<String, Long> staying = new HashMap<>(this.mine);
		staying.keySet().removeAll(this.leaving);
		Balance balance = Balance.of(distribution, staying, unchanged.compareTo(BEFORE_GIVING) >= 0, this.random);
		balance.give().forEach(this::give);
		List<String> take = balance.take().stream().filter((agentId) -> !this.failedAt.containsKey(agentId)).toList();
		Map<String, Long> revisions = new HashMap<>();
		distribution.agents().forEach((placement) -> revisions.put(placement.agentId(), placement.revision()));
		long spread = SPREAD.multipliedBy(take.size()).toMillis();
		for (String agentId : take) {
			Long revision = revisions.get(agentId);
			if (revision != null && this.mine.putIfAbsent(agentId, revision) == null) {
				present
					.schedule(() -> take(agentId, Duration.ofMillis(ThreadLocalRandom.current().nextLong(1 + spread))));
			}
		}
		if (!balance.give().isEmpty() || !take.isEmpty()) {
			logger.info(LogMessage.format("Of %d installed agents in %d instance(s), this one takes %d, and gives %d",
					distribution.agents().size(), distribution.processes(), take.size(), balance.give().size()));
		}
	}

	private void give(String agentId) {
		InstalledAgent agent = this.agents.get(agentId);
		if (agent != null) {
			this.leaving.add(agentId);
			agent.stop().subscribe();
		}
	}

	private void take(String agentId, Duration pause) {
		InstalledAgent taken = null;
		try {
			KnownInstallation installation = this.shared.installations().find(agentId);
			if (installation != null && this.taking != null) {
				taken = take(installation, pause);
			}
		}
		catch (StoreInUseException ex) {
			logger.debug(LogMessage.format("Another instance was quicker with agent '%s'", agentId));
		}
		catch (RuntimeException | Error ex) {
			this.failedAt.put(agentId, System.nanoTime());
			logger.error("THE AGENT " + agentId + " OF AN INSTALLATION CANNOT RUN HERE, others go on", ex);
		}
		finally {
			if (taken == null) {
				this.mine.remove(agentId);
			}
		}
	}

	private InstalledAgent take(KnownInstallation installation, Duration pause) {
		String agentId = installation.agentId();
		SharedStore store = this.shared.stores().apply(agentId);
		InstalledAgent agent = new InstalledAgent(JdbcInstallationRepository.installation(installation), this.context,
				store);
		SharedStore.Watch watch = store.watch(new LeaseListener() {

			@Override
			public void lost() {
				logger.warn(LogMessage.format("Another instance has taken agent '%s' from this one, which hung or was"
						+ " cut off from the database", agentId));
				Schedulers.boundedElastic().schedule(agent::giveUp);
			}

		});
		agent.whenStopped(() -> {
			watch.close();
			this.mine.remove(agentId);
			this.leaving.remove(agentId);
		});
		this.agents.put(agentId, agent);
		boolean opened = false;
		try {
			store.reopen();
			opened = true;
		}
		finally {
			if (!opened) {
				watch.close();
				this.agents.remove(agentId, agent);
			}
		}
		agent.start(pause);
		if (this.taking == null) {
			// It may have come too late to be among those that are stopped.
			agent.stop().subscribe();
		}
		return agent;
	}

}
