package com.pacerelle.client.core;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.TimeSource;
import com.pacerelle.client.connection.ConnectionLoop;
import com.pacerelle.client.connection.SessionEnd;
import com.pacerelle.client.conversation.Asking;
import com.pacerelle.client.conversation.Conversations;
import com.pacerelle.client.conversation.OpenQuestions;
import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.encryption.GroupKeys;
import com.pacerelle.client.encryption.Identities;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.encryption.PreKeyEndpoint;
import com.pacerelle.client.encryption.PreKeys;
import com.pacerelle.client.encryption.Retention;
import com.pacerelle.client.encryption.VerificationCode;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.event.Rejections;
import com.pacerelle.client.file.BlobEndpoint;
import com.pacerelle.client.file.Downloads;
import com.pacerelle.client.file.Uploads;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.http.Transport;
import com.pacerelle.client.inbound.DeadLetters;
import com.pacerelle.client.inbound.DeviceApproval;
import com.pacerelle.client.inbound.FrameRouter;
import com.pacerelle.client.inbound.HandlerInvoker;
import com.pacerelle.client.inbound.Inbox;
import com.pacerelle.client.inbound.Intake;
import com.pacerelle.client.inbound.MessagePipeline;
import com.pacerelle.client.inbound.MessageSteps;
import com.pacerelle.client.inbound.RetryPolicy;
import com.pacerelle.client.inbound.Sweep;
import com.pacerelle.client.inbound.WaitingMessages;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.outbound.Outbox;
import com.pacerelle.client.outbound.Polls;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.KnownConversation;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.signal.CryptoProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Puts the parts of a client together, and starts and stops them. What survives a socket
 * lives here, what dies with one in {@code GatewaySession}. It is as long as the contract
 * that it passes on to the parts.
 */
public final class DefaultAgentGatewayClient implements AgentGatewayClient {

	private static final Logger logger = LoggerFactory.getLogger(DefaultAgentGatewayClient.class);

	/** How long a file transfer may stall. */
	private static final Duration FILE_TIMEOUT = Duration.ofSeconds(60);

	/** In frames of the largest size. */
	private static final int QUEUE_BYTE_CAPACITY = 4;

	/** How many conversations are read at once. */
	private static final int PAGE = 200;

	private static final Duration CLOSING_TIME = Duration.ofSeconds(1);

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final Events events = new Events();

	private final Lifetime lifetime = new Lifetime();

	private final OpenQuestions questions = new OpenQuestions();

	private final ClientThreads threads;

	private final Identities identities;

	private final PayloadCiphers ciphers;

	private final Retention retention;

	private final Outbox outbox;

	private final Downloads downloads;

	private final Uploads uploads;

	private final Conversations conversations;

	private final Dispatcher dispatcher;

	private final DeadLetters deadLetters;

	private final MessagePipeline pipeline;

	private final RelayHttpClient relay;

	private final ConnectionLoop loop;

	private final Thread loopThread;

	private volatile SharedStore.Watch watch = () -> {
	};

	private final AtomicBoolean started = new AtomicBoolean();

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

	/**
	 * Creates a client that is not started.
	 * @param settings its settings
	 * @param store where its state lives; whoever opened the store closes it after
	 * {@link #stop(Duration)}
	 * @param handler handles the messages
	 */
	public DefaultAgentGatewayClient(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler) {
		this(settings, store, handler, TimeSource.system());
	}

	/**
	 * Creates a client that is not started, with a time of its own.
	 * @param settings its settings
	 * @param store where its state lives; whoever opened the store closes it after
	 * {@link #stop(Duration)}
	 * @param handler handles the messages
	 * @param time where it takes the time from
	 */
	public DefaultAgentGatewayClient(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler,
			TimeSource time) {
		this(settings, store, handler, time, null);
	}

	/**
	 * Creates a client that is not started, one of many in this process.
	 * @param settings its settings
	 * @param store where its state lives; whoever opened the store closes it after
	 * {@link #stop(Duration)}
	 * @param handler handles the messages
	 * @param time where it takes the time from
	 * @param shared the threads that it shares with the others, {@code null} for threads
	 * of its own
	 */
	public DefaultAgentGatewayClient(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler,
			TimeSource time, @Nullable SharedThreads shared) {
		this.settings = settings;
		this.store = store;
		this.threads = new ClientThreads(settings.handling().virtualThreads(), shared);
		this.relay = new RelayHttpClient(settings.connection(), new AgentToken(settings.token()),
				this.threads.network());
		SecureRandom random = CryptoProvider.secureRandom();
		Clock clock = time.clock();
		Observations observations = new Observations(settings.observationRegistry());
		int maxFrameSize = settings.connection().maxFrameSize();
		BlobEndpoint blobs = new BlobEndpoint(this.relay, this.threads.files(), FILE_TIMEOUT);
		Path directory = Path.of(System.getProperty("java.io.tmpdir"));
		this.downloads = new Downloads(settings.files(), blobs, this.threads.files(), this.lifetime, directory);
		this.uploads = new Uploads(settings.files(), settings.encrypted(), blobs, this.downloads, this.threads.files(),
				this.lifetime, directory, random, observations);
		this.retention = new Retention(settings.handling(), store, clock);
		this.outbox = new Outbox(store, this.threads.delivering(), Schedulers.parallel(), Outbox.HOLDING,
				Outbox.CAPACITY, observations);
		GroupKeys groupKeys = new GroupKeys(this.relay, store, this.events, clock);
		this.identities = new Identities(settings.handling().newDevice(), store, this.events, this::deviceTrusted,
				clock);
		this.ciphers = new PayloadCiphers(settings, store, groupKeys, this.identities, this::preKeyUsed, this.events,
				random, clock, this.threads.sending());
		Rejections rejections = new Rejections(this.events);
		this.dispatcher = new Dispatcher(this.threads.handling(), this.threads.lookingAhead(), Schedulers.parallel(),
				settings.handling().concurrency(), settings.handling().queueCapacity(),
				(long) QUEUE_BYTE_CAPACITY * maxFrameSize);
		Sender sender = new Sender(settings.agentId(), settings.encrypted(), maxFrameSize, store, this.ciphers,
				this.uploads, this.outbox, clock, observations);
		Asking asking = new Asking(sender, this.questions, this.dispatcher, this.threads.sending(),
				Schedulers.fromExecutor(this.threads.handling()), time, observations);
		this.conversations = new Conversations(sender, asking, new Polls(store), this.outbox, this.threads.sending(),
				this.lifetime, this.threads.maxWaiting(), observations);
		Inbox inbox = new Inbox(settings.encrypted(), store, this.ciphers, this.identities, this.downloads, clock,
				observations);
		DeviceApproval approval = new DeviceApproval(store, this.identities, sender, handler, clock);
		Intake intake = new Intake(inbox, approval, this.questions, this.outbox, sender, handler, rejections);
		HandlerInvoker invoker = new HandlerInvoker(handler, this.conversations, this.questions,
				settings.handling().timeout(), this.threads.handling(), observations);
		RetryPolicy retryPolicy = new RetryPolicy(settings.handling(), handler, this.events);
		this.deadLetters = new DeadLetters(settings.handling(), store, sender, clock);
		Sweep sweep = new Sweep(this.dispatcher, Schedulers.parallel(), settings.handling().backoff(),
				(long) QUEUE_BYTE_CAPACITY * maxFrameSize);
		this.pipeline = new MessagePipeline(new MessageSteps(intake, invoker, sender, retryPolicy, this.deadLetters,
				sweep, new WaitingMessages(), store.transactions(), observations), this.dispatcher);
		FrameRouter router = new FrameRouter(this.pipeline, this.dispatcher, rejections, this.threads.decoding(),
				2L * maxFrameSize);
		PreKeys preKeys = new PreKeys(store, new PreKeyEndpoint(this.relay), random, clock);
		this.loop = new ConnectionLoop(settings, this.relay, preKeys, router, this.outbox, this.events, observations);
		router.onRoom(this.loop::resume);
		this.dispatcher.onLeft(this::deliverAgain);
		this.loopThread = new Thread(this.loop, "pacerelle-connection");
		this.loopThread.setDaemon(true);
	}

	@Override
	public void replaceToken(String token) {
		this.relay.replaceToken(new AgentToken(this.settings.mutate().token(token).build().token()));
		this.loop.tokenReplaced();
	}

	@Override
	public void start() {
		if (this.stopped.get()) {
			throw new IllegalStateException("A client that was stopped does not start again: create another one");
		}
		if (this.started.compareAndSet(false, true)) {
			if (!this.settings.encrypted()) {
				logger.warn("END-TO-END ENCRYPTION IS OFF: anybody on the network path can read and forge messages."
						+ " Use this for local debugging only");
			}
			Transport.warnUnlessPrivate(this.settings.connection().baseUrl(),
					this.settings.connection().webSocketUrl());
			this.identities.start();
			this.retention.start(Schedulers.boundedElastic());
			if (this.store instanceof SharedStore shared) {
				this.watch = shared.watch(new Disconnecting());
			}
			this.loopThread.start();
		}
	}

	@Override
	public Mono<Void> connected() {
		return Mono.fromFuture(this.loop.firstAttempt(), true);
	}

	@Override
	public Mono<Void> stop(Duration grace) {
		return Mono.defer(() -> {
			if (this.stopped.compareAndSet(false, true)) {
				Thread thread = new Thread(() -> release(grace), "pacerelle-stop");
				thread.setDaemon(true);
				thread.start();
			}
			return Mono.fromFuture(this.released, true);
		});
	}

	private void release(Duration grace) {
		try {
			long deadline = System.nanoTime() + grace.toNanos();
			this.loop.stop();
			this.watch.close();
			this.retention.stop();
			this.dispatcher.close();
			this.questions.close();
			this.dispatcher.stop(grace);
			this.lifetime.refuse();
			this.threads.finishSending(rest(deadline));
			this.outbox.awaitDelivered(rest(deadline));
			this.loop.closeSession("the client stops");
			this.outbox.closed(SessionEnd.ORDERLY);
			this.threads.stop();
			this.loopThread.interrupt();
			this.loopThread.join(CLOSING_TIME.toMillis());
			this.relay.close();
			this.threads.stopNetwork();
			stopped(null);
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			stopped(ex);
		}
	}

	/** Completes last: by then everything else shows that the client has stopped. */
	private void stopped(@Nullable Throwable failure) {
		this.loop.stopped();
		this.events.complete();
		this.lifetime.end();
		if (failure == null) {
			this.released.complete(null);
		}
		else {
			this.released.completeExceptionally(failure);
		}
	}

	/**
	 * The rest of the grace period, at least the time to close the connection.
	 */
	private static Duration rest(long deadline) {
		Duration rest = Duration.ofNanos(deadline - System.nanoTime());
		return (rest.compareTo(CLOSING_TIME) > 0) ? rest : CLOSING_TIME;
	}

	@Override
	public ConnectionState state() {
		return this.loop.state();
	}

	@Override
	public ClientLoad load() {
		return new ClientLoad(this.pipeline.size(), this.questions.size(), this.outbox.size());
	}

	@Override
	public Flux<GatewayEvent> events() {
		return this.events.asFlux();
	}

	@Override
	public Flux<Conversation> conversations() {
		return page(null).expand((page) -> (page.size() < PAGE) ? Mono.empty() : page(page.get(PAGE - 1)))
			.concatMapIterable((page) -> page, 1)
			.map((known) -> this.conversations.of(known.recipient(), known.conversationId()));
	}

	private Mono<List<KnownConversation>> page(@Nullable KnownConversation after) {
		return this.lifetime
			.limit(Mono.fromCallable(() -> this.store.conversations(after, PAGE)).subscribeOn(this.threads.sending()));
	}

	@Override
	public String verificationCode() {
		return VerificationCode.of(this.store.identityKeyPair().publicKey());
	}

	@Override
	public List<KnownDevice> devices(String userId) {
		return this.identities.devices(userId);
	}

	@Override
	public List<KnownDevice> waitingDevices() {
		return this.identities.waitingDevices();
	}

	@Override
	public Mono<Void> trustDevice(String userId, String verificationCode) {
		return decide(userId, verificationCode, KnownIdentity.State.TRUSTED);
	}

	@Override
	public Mono<Void> refuseDevice(String userId, String verificationCode) {
		return decide(userId, verificationCode, KnownIdentity.State.REFUSED);
	}

	@Override
	public Mono<Void> forgetDevice(String userId, String verificationCode) {
		return this.lifetime.limit(Mono.<Void>fromRunnable(() -> this.ciphers.forget(userId, verificationCode))
			.subscribeOn(this.threads.sending()));
	}

	private Mono<Void> decide(String userId, String verificationCode, KnownIdentity.State state) {
		return this.lifetime
			.limit(Mono.<Void>fromRunnable(() -> this.identities.decide(userId, verificationCode, state))
				.subscribeOn(this.threads.sending()));
	}

	@Override
	public List<DeadLetter> deadLetters() {
		return this.deadLetters.list();
	}

	@Override
	public Mono<Void> retryDeadLetter(String messageId) {
		return this.lifetime
			.limit(Mono.<Void>fromRunnable(() -> this.pipeline.retry(messageId)).subscribeOn(this.threads.sending()));
	}

	@Override
	public Mono<Void> discardDeadLetter(String messageId) {
		return this.lifetime.limit(
				Mono.<Void>fromRunnable(() -> this.deadLetters.discard(messageId)).subscribeOn(this.threads.sending()));
	}

	@Override
	public Conversation conversation(String to, String conversationId) {
		return this.conversations.of(to, conversationId);
	}

	@Override
	public Mono<AgentAttachment> upload(AgentFile file) {
		return this.uploads.upload(file);
	}

	@Override
	public AgentAttachment readable(AgentAttachment attachment) {
		return attachment.from(this.downloads);
	}

	private void preKeyUsed() {
		this.loop.preKeyUsed();
	}

	private void deviceTrusted() {
		this.loop.closeSession("a device was trusted, and its messages must be delivered again");
	}

	private void deliverAgain() {
		this.loop.closeSession("there is room again, and messages that were left at the relay must be delivered");
	}

	/**
	 * Leaves the messages to the process that has the agent. The loop does not connect
	 * again before the store can be written.
	 */
	private final class Disconnecting implements LeaseListener {

		@Override
		public void doubted() {
			DefaultAgentGatewayClient.this.loop.closeSession("another process may have the agent");
		}

		@Override
		public void lost() {
			DefaultAgentGatewayClient.this.loop.closeSession("another process has the agent");
		}

	}

}
