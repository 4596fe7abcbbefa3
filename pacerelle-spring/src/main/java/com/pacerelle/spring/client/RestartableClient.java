package com.pacerelle.spring.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.JdbcAgentStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * A client that starts again after it was stopped, as an application context does, also
 * around a checkpoint of the JVM: with the same store, which is closed in between, and
 * with a new client, because one that has stopped does not start again. What belongs to
 * the stopped one, such as a {@link Conversation}, fails with
 * {@link com.pacerelle.client.ClientStoppedException}. The {@link #events()} are those of
 * all clients, and do not complete.
 */
public final class RestartableClient implements AgentGatewayClient {

	private final AgentStore store;

	private final Supplier<? extends AgentGatewayClient> clients;

	private final Sinks.Many<GatewayEvent> events = Sinks.many().multicast().directBestEffort();

	private volatile AgentGatewayClient client;

	private volatile @Nullable String replacedToken;

	private @Nullable Mono<Void> end;

	/**
	 * Creates a client that is not started.
	 * @param store the store of the clients, which is closed when the client stops; one
	 * that is not a {@link JdbcAgentStore} stays open
	 * @param clients makes a client that is not started
	 */
	public RestartableClient(AgentStore store, Supplier<? extends AgentGatewayClient> clients) {
		this.store = store;
		this.clients = clients;
		this.client = create();
	}

	private AgentGatewayClient create() {
		AgentGatewayClient created = this.clients.get();
		created.events().subscribe(this::publish);
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
			if (this.store instanceof JdbcAgentStore closed) {
				closed.reopen();
			}
			this.client = create();
			String token = this.replacedToken;
			if (token != null) {
				this.client.replaceToken(token);
			}
			this.end = null;
		}
		this.client.start();
	}

	@Override
	public Mono<Void> stop(Duration grace) {
		return Mono.defer(() -> stopped(grace));
	}

	private synchronized Mono<Void> stopped(Duration grace) {
		if (this.end == null) {
			Mono<Void> closed = (this.store instanceof JdbcAgentStore)
					? Mono.<Void>fromRunnable(this.store::close).subscribeOn(Schedulers.boundedElastic())
					: Mono.empty();
			this.end = this.client.stop(grace)
				.onErrorResume((failure) -> closed.then(Mono.error(failure)))
				.then(closed)
				.cache();
		}
		return this.end;
	}

	@Override
	public void replaceToken(String token) {
		this.client.replaceToken(token);
		this.replacedToken = token;
	}

	@Override
	public Mono<Void> connected() {
		return Mono.defer(() -> this.client.connected());
	}

	@Override
	public ConnectionState state() {
		return this.client.state();
	}

	@Override
	public ClientLoad load() {
		return this.client.load();
	}

	@Override
	public Flux<GatewayEvent> events() {
		return this.events.asFlux();
	}

	@Override
	public String verificationCode() {
		return this.client.verificationCode();
	}

	@Override
	public List<KnownDevice> devices(String userId) {
		return this.client.devices(userId);
	}

	@Override
	public List<KnownDevice> waitingDevices() {
		return this.client.waitingDevices();
	}

	@Override
	public Mono<Void> trustDevice(String userId, String verificationCode) {
		return Mono.defer(() -> this.client.trustDevice(userId, verificationCode));
	}

	@Override
	public Mono<Void> refuseDevice(String userId, String verificationCode) {
		return Mono.defer(() -> this.client.refuseDevice(userId, verificationCode));
	}

	@Override
	public Mono<Void> forgetDevice(String userId, String verificationCode) {
		return Mono.defer(() -> this.client.forgetDevice(userId, verificationCode));
	}

	@Override
	public List<DeadLetter> deadLetters() {
		return this.client.deadLetters();
	}

	@Override
	public Mono<Void> retryDeadLetter(String messageId) {
		return Mono.defer(() -> this.client.retryDeadLetter(messageId));
	}

	@Override
	public Mono<Void> discardDeadLetter(String messageId) {
		return Mono.defer(() -> this.client.discardDeadLetter(messageId));
	}

	@Override
	public Conversation conversation(String to, String conversationId) {
		return this.client.conversation(to, conversationId);
	}

	@Override
	public Flux<Conversation> conversations() {
		return Flux.defer(() -> this.client.conversations());
	}

	@Override
	public Mono<AgentAttachment> upload(AgentFile file) {
		return Mono.defer(() -> this.client.upload(file));
	}

	@Override
	public AgentAttachment readable(AgentAttachment attachment) {
		return this.client.readable(attachment);
	}

}
