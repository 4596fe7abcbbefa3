package com.pacerelle.client;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.store.AgentStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * Puts the parts of a client together, and starts and stops them. What survives a socket
 * lives here, what dies with one in {@link GatewaySession}.
 */
final class DefaultAgentGatewayClient implements AgentGatewayClient {

	private static final Logger logger = LoggerFactory.getLogger(DefaultAgentGatewayClient.class);

	private static final int SENDING_THREADS = 16;

	private static final int PASSING_THREADS = 4;

	/** Each costs a stack; virtual threads cost next to nothing. */
	private static final int MAX_WAITING_THREADS = 1000;

	private static final int FILE_THREADS = 8;

	/** How long nothing of a file may move. */
	private static final Duration FILE_TIMEOUT = Duration.ofSeconds(60);

	/** In frames of the largest size. */
	private static final int QUEUE_BYTE_CAPACITY = 4;

	private static final Duration CLOSING_TIME = Duration.ofSeconds(1);

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final Events events = new Events();

	private final LoopResources loopResources = LoopResources.create("pacerelle", 1, true);

	private final ExecutorService handling;

	private final ExecutorService passing = Threads.pool("pacerelle-answer", PASSING_THREADS, false);

	private final ExecutorService sending = Threads.pool("pacerelle-send", SENDING_THREADS, false);

	private final ExecutorService delivering = Threads.pool("pacerelle-outbox", 1, false);

	private final ExecutorService transferring = Threads.pool("pacerelle-files", FILE_THREADS, false);

	private final Outbox outbox;

	private final Downloads downloads;

	private final Uploads uploads;

	private final Sender sender;

	private final Asking asking;

	private final Dispatcher dispatcher;

	private final RelayHttpClient relay;

	private final ConnectionLoop loop;

	private final Thread loopThread;

	private final AtomicBoolean started = new AtomicBoolean();

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

	DefaultAgentGatewayClient(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler,
			Clock clock) {
		this.settings = settings;
		this.store = store;
		this.relay = new RelayHttpClient(settings.connection(), new AgentToken(settings.token()), this.loopResources);
		this.handling = Threads.unbounded("pacerelle-handler", settings.handling().virtualThreads());
		SecureRandom random = new SecureRandom();
		Scheduler files = Schedulers.fromExecutorService(this.transferring);
		BlobEndpoint blobs = new BlobEndpoint(this.relay, files, FILE_TIMEOUT);
		Path directory = Path.of(System.getProperty("java.io.tmpdir"));
		this.downloads = new Downloads(settings.files(), blobs, files, directory);
		this.uploads = new Uploads(settings.files(), settings.encrypted(), blobs, this.downloads, files, directory,
				random);
		this.outbox = new Outbox(store, this.delivering);
		GroupKeys groupKeys = new GroupKeys(this.relay, store, this.events);
		PayloadCiphers ciphers = new PayloadCiphers(settings, store, groupKeys, this::preKeyUsed, random, clock);
		this.sender = new Sender(settings, store, ciphers, this.uploads, this.outbox,
				Schedulers.fromExecutorService(this.sending), clock);
		Inbox inbox = new Inbox(settings, store, ciphers, this.downloads, this.events, clock);
		this.dispatcher = new Dispatcher(this.handling, this.passing, Schedulers.parallel(),
				settings.handling().concurrency(), settings.handling().queueCapacity(),
				(long) QUEUE_BYTE_CAPACITY * settings.connection().maxFrameSize());
		OpenQuestions questions = new OpenQuestions();
		this.asking = new Asking(this.sender, store, questions, this.dispatcher, Schedulers.fromExecutor(this.handling),
				clock,
				Threads.areVirtual(settings.handling().virtualThreads()) ? Integer.MAX_VALUE : MAX_WAITING_THREADS);
		FrameRouter router = new FrameRouter(
				new MessageTask.Steps(settings.handling(), inbox, questions, handler, this.asking, this.sender,
						this.outbox, new Rejections(this.events), this.events, this.handling, this::storeFailed),
				this.dispatcher);
		PreKeys preKeys = new PreKeys(store, new PreKeyEndpoint(this.relay), random, clock);
		this.loop = new ConnectionLoop(settings, this.relay, preKeys, router, this.outbox, this.events);
		this.dispatcher.onRoom(this.loop::resume);
		this.loopThread = new Thread(this.loop, "pacerelle-connection");
		this.loopThread.setDaemon(true);
	}

	@Override
	public void replaceToken(String token) {
		this.relay.replaceToken(new AgentToken(this.settings.withToken(token).token()));
		this.loop.tokenReplaced();
	}

	@Override
	public void start() {
		if (this.stopped.get()) {
			throw new IllegalStateException("A client that was stopped does not start again: create another one");
		}
		if (this.started.compareAndSet(false, true)) {
			if (!this.settings.encrypted()) {
				logger.warn("END-TO-END ENCRYPTION IS OFF: everybody on the way reads and forges messages. Use this for"
						+ " nothing but local debugging");
			}
			if (isTokenExposed()) {
				logger.warn("The relay's address {} is not encrypted, the token can be read on the way: use https",
						this.settings.connection().baseUrl());
			}
			this.loopThread.start();
		}
	}

	private boolean isTokenExposed() {
		String host = this.settings.connection().baseUrl().getHost();
		return "http".equals(this.settings.connection().baseUrl().getScheme()) && !"localhost".equals(host)
				&& !"[::1]".equals(host) && !host.startsWith("127.");
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
			this.dispatcher.stop(grace);
			this.sending.shutdown();
			this.sending.awaitTermination(rest(deadline).toMillis(), TimeUnit.MILLISECONDS);
			this.outbox.awaitDelivered(rest(deadline));
			this.loop.closeSession("the client stops");
			this.outbox.closed();
			this.delivering.shutdown();
			this.delivering.awaitTermination(CLOSING_TIME.toMillis(), TimeUnit.MILLISECONDS);
			this.handling.shutdown();
			this.passing.shutdown();
			this.transferring.shutdownNow();
			this.loopThread.interrupt();
			this.loopThread.join(CLOSING_TIME.toMillis());
			this.loopResources.disposeLater(Duration.ZERO, CLOSING_TIME).block(CLOSING_TIME.multipliedBy(2));
			this.released.complete(null);
		}
		catch (InterruptedException | RuntimeException ex) {
			this.released.completeExceptionally(ex);
		}
		finally {
			this.loop.stopped();
			this.events.complete();
		}
	}

	/**
	 * What is left of the grace, and always enough to close politely.
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
	public Flux<GatewayEvent> events() {
		return this.events.asFlux();
	}

	@Override
	public String verificationCode() {
		byte[] digest = Digests.sha256(this.store.identityKeyPair().publicKey().encode());
		return HexFormat.of().withUpperCase().formatHex(digest).replaceAll("(.{4})(?=.)", "$1 ");
	}

	@Override
	public Conversation conversation(String to, String conversationId) {
		return this.asking.conversation(to, conversationId);
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

	private void storeFailed() {
		this.loop.closeSession("the store failed, and messages are to come again");
	}

}
