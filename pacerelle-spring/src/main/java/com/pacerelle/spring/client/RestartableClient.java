package com.pacerelle.spring.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.StandbyException;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.jdbc.JdbcAgentStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.log.LogMessage;

/**
 * A client that starts again after it was stopped, as an application context does, also
 * around a checkpoint of the JVM: with the same store, which is closed in between, and
 * with a new client, because one that has stopped does not start again. What belongs to
 * the stopped one, such as a {@link Conversation}, fails with
 * {@link com.pacerelle.client.ClientStoppedException}. The {@link #events()} are those of
 * all clients, and do not complete.
 * <p>
 * With a store that several processes share, it may be a standby: while another process
 * has the agent, it has no client, and what needs one fails with
 * {@link StandbyException}. It starts one when the agent is free, and stops it when
 * another process has taken the agent.
 */
public final class RestartableClient implements AgentGatewayClient {

	private static final Log logger = LogFactory.getLog(RestartableClient.class);

	private final AgentStore store;

	private final @Nullable SharedStore shared;

	private final Supplier<? extends AgentGatewayClient> clients;

	private final Sinks.Many<GatewayEvent> events = Sinks.many().multicast().directBestEffort();

	private final AtomicBoolean takingOver = new AtomicBoolean();

	/** The last one stays when it is stopped; there is none while this is a standby. */
	private volatile @Nullable AgentGatewayClient client;

	private volatile boolean standby;

	private volatile @Nullable LeaseHolder holder;

	private volatile @Nullable String replacedToken;

	private volatile CompletableFuture<@Nullable Void> activated = new CompletableFuture<>();

	private SharedStore.@Nullable Watch watch;

	/** Of a client that has lost the agent. */
	private Mono<Void> release = Mono.empty();

	private @Nullable Mono<Void> end;

	/**
	 * Creates a client that is not started, and never a standby.
	 * @param store the store of the clients, which is closed when the client stops; one
	 * that is not a {@link JdbcAgentStore} stays open
	 * @param clients makes a client that is not started
	 */
	public RestartableClient(AgentStore store, Supplier<? extends AgentGatewayClient> clients) {
		this.store = store;
		this.shared = null;
		this.clients = clients;
		this.client = create();
	}

	private RestartableClient(SharedStore store, Supplier<? extends AgentGatewayClient> clients) {
		this.store = store;
		this.shared = store;
		this.clients = clients;
		this.client = (store.holder() != null) ? create() : null;
	}

	/**
	 * Creates a client that is not started, and a standby while another process has the
	 * agent.
	 * @param store the store of the clients, open or closed
	 * @param clients makes a client that is not started
	 * @return the client
	 */
	public static RestartableClient withStandby(SharedStore store, Supplier<? extends AgentGatewayClient> clients) {
		return new RestartableClient(store, clients);
	}

	private AgentGatewayClient create() {
		AgentGatewayClient created = this.clients.get();
		created.events().subscribe(this::publish);
		String token = this.replacedToken;
		if (token != null) {
			created.replaceToken(token);
		}
		return created;
	}

	private void publish(GatewayEvent event) {
		synchronized (this.events) {
			this.events.tryEmitNext(event);
		}
	}

	/**
	 * Starts the client, after a {@link #stop(Duration)} again; waits until it has
	 * stopped.
	 */
	@Override
	public synchronized void start() {
		if (this.end != null) {
			this.end.onErrorComplete().block();
			this.end = null;
			this.client = null;
			this.activated = new CompletableFuture<>();
		}
		if (this.shared != null && this.watch == null) {
			this.watch = this.shared.watch(new Following());
			if (this.client != null && this.shared.holder() == null) {
				// It was lost before anybody listened.
				giveUp();
			}
		}
		if (this.client == null && !this.standby) {
			activateOrStandBy();
		}
		AgentGatewayClient started = this.client;
		if (started != null) {
			started.start();
			this.activated.complete(null);
		}
	}

	private void activateOrStandBy() {
		boolean decided = false;
		try {
			this.standby = !activate();
			decided = true;
		}
		finally {
			if (!decided) {
				unwatch();
			}
		}
		if (this.standby) {
			publishStandby();
		}
	}

	private void unwatch() {
		if (this.watch != null) {
			this.watch.close();
			this.watch = null;
		}
	}

	/**
	 * Opens the store and makes a client.
	 * @return whether it did: else another process has the agent
	 */
	private boolean activate() {
		try {
			if (this.store instanceof JdbcAgentStore closed) {
				closed.reopen();
			}
			else if (this.shared != null) {
				this.shared.reopen();
			}
		}
		catch (StoreInUseException ex) {
			if (this.shared == null) {
				throw ex;
			}
			return false;
		}
		boolean created = false;
		try {
			this.client = create();
			created = true;
			return true;
		}
		finally {
			if (!created && this.shared != null) {
				this.shared.close();
			}
		}
	}

	private void publishStandby() {
		publish(new GatewayEvent.ConnectionChanged(ConnectionState.STANDBY));
	}

	private synchronized void takeOver() {
		if (!this.standby || this.end != null) {
			return;
		}
		this.release.block();
		if (activate()) {
			logger.info(LogMessage.format("The agent is free: this application takes over, with %s", this.store));
			Objects.requireNonNull(this.client).start();
			this.standby = false;
			this.holder = null;
			this.activated.complete(null);
		}
	}

	private synchronized void giveUp() {
		AgentGatewayClient present = this.client;
		if (present == null || this.end != null || holder() != null) {
			return;
		}
		logger.warn(LogMessage.format("Another process has taken the agent from this application, which hung or was"
				+ " cut off from the database, and is a standby from now on: %s", this.store));
		this.client = null;
		this.standby = true;
		this.activated = new CompletableFuture<>();
		publish(new GatewayEvent.AgentTaken());
		this.release = release(present, Duration.ZERO).onErrorComplete().doOnTerminate(this::publishStandby).cache();
		this.release.subscribe();
	}

	@Override
	public Mono<Void> stop(Duration grace) {
		return Mono.defer(() -> stopped(grace));
	}

	private synchronized Mono<Void> stopped(Duration grace) {
		Mono<Void> ending = this.end;
		if (ending == null) {
			unwatch();
			AgentGatewayClient stopped = this.client;
			ending = (stopped != null) ? release(stopped, grace) : this.release;
			if (this.standby) {
				this.standby = false;
				publish(new GatewayEvent.ConnectionChanged(ConnectionState.STOPPED));
			}
			this.activated.completeExceptionally(new ClientStoppedException());
			this.end = ending;
		}
		return ending;
	}

	private Mono<Void> release(AgentGatewayClient stopped, Duration grace) {
		Mono<Void> closed = (this.store instanceof JdbcAgentStore || this.shared != null)
				? Mono.<Void>fromRunnable(this.store::close).subscribeOn(Schedulers.boundedElastic()) : Mono.empty();
		return stopped.stop(grace).onErrorResume((failure) -> closed.then(Mono.error(failure))).then(closed).cache();
	}

	@Override
	public void replaceToken(String token) {
		AgentGatewayClient present = this.client;
		if (present != null) {
			present.replaceToken(token);
		}
		this.replacedToken = token;
	}

	/**
	 * Waits for the first connection; a standby waits until it has taken over.
	 */
	@Override
	public Mono<Void> connected() {
		return Mono.defer(() -> {
			AgentGatewayClient present = this.client;
			return (present != null) ? present.connected()
					: Mono.fromFuture(this.activated, true).then(Mono.defer(this::connected));
		});
	}

	@Override
	public ConnectionState state() {
		AgentGatewayClient present = this.client;
		return this.standby ? ConnectionState.STANDBY : (present != null) ? present.state() : ConnectionState.STOPPED;
	}

	/**
	 * Which process has the agent.
	 * @return this one, another one if this is a standby, or {@code null} if it is not
	 * known
	 */
	public @Nullable LeaseHolder holder() {
		return this.standby ? this.holder : (this.shared != null) ? this.shared.holder() : null;
	}

	@Override
	public ClientLoad load() {
		AgentGatewayClient present = this.client;
		return (present != null) ? present.load() : ClientLoad.NONE;
	}

	private AgentGatewayClient present() {
		AgentGatewayClient present = this.client;
		if (present != null) {
			return present;
		}
		if (this.activated.isCompletedExceptionally()) {
			throw new ClientStoppedException();
		}
		LeaseHolder known = this.holder;
		throw new StandbyException("This application is a standby: the agent runs in "
				+ ((known != null) ? known : "another one") + ". Ask there, or when this one has taken over");
	}

	@Override
	public Flux<GatewayEvent> events() {
		return this.events.asFlux();
	}

	@Override
	public String verificationCode() {
		return present().verificationCode();
	}

	@Override
	public List<KnownDevice> devices(String userId) {
		return present().devices(userId);
	}

	@Override
	public List<KnownDevice> waitingDevices() {
		return present().waitingDevices();
	}

	@Override
	public Mono<Void> trustDevice(String userId, String verificationCode) {
		return Mono.defer(() -> present().trustDevice(userId, verificationCode));
	}

	@Override
	public Mono<Void> refuseDevice(String userId, String verificationCode) {
		return Mono.defer(() -> present().refuseDevice(userId, verificationCode));
	}

	@Override
	public Mono<Void> forgetDevice(String userId, String verificationCode) {
		return Mono.defer(() -> present().forgetDevice(userId, verificationCode));
	}

	@Override
	public List<DeadLetter> deadLetters() {
		return present().deadLetters();
	}

	@Override
	public Mono<Void> retryDeadLetter(String messageId) {
		return Mono.defer(() -> present().retryDeadLetter(messageId));
	}

	@Override
	public Mono<Void> discardDeadLetter(String messageId) {
		return Mono.defer(() -> present().discardDeadLetter(messageId));
	}

	@Override
	public Conversation conversation(String to, String conversationId) {
		return present().conversation(to, conversationId);
	}

	@Override
	public Flux<Conversation> conversations() {
		return Flux.defer(() -> present().conversations());
	}

	@Override
	public Mono<AgentAttachment> upload(AgentFile file) {
		return Mono.defer(() -> present().upload(file));
	}

	@Override
	public AgentAttachment readable(AgentAttachment attachment) {
		return present().readable(attachment);
	}

	/**
	 * Follows the lease. What takes time is done on another thread.
	 */
	private final class Following implements LeaseListener {

		@Override
		public void available() {
			RestartableClient outer = RestartableClient.this;
			if (outer.standby && outer.takingOver.compareAndSet(false, true)) {
				Schedulers.boundedElastic().schedule(() -> {
					try {
						outer.takeOver();
					}
					catch (RuntimeException | Error ex) {
						logger.error("This application cannot take over, and tries again", ex);
					}
					finally {
						outer.takingOver.set(false);
					}
				});
			}
		}

		@Override
		public void taken(LeaseHolder holder) {
			RestartableClient.this.holder = holder;
			logger.info(LogMessage.format("The agent runs in %s. This application is a standby, and takes over when"
					+ " that one stops, with %s", holder, RestartableClient.this.store));
		}

		@Override
		public void lost() {
			Schedulers.boundedElastic().schedule(RestartableClient.this::giveUp);
		}

	}

}
