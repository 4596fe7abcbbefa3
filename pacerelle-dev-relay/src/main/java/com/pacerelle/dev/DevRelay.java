package com.pacerelle.dev;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.AgentGatewayClient;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.node.ObjectNode;

/**
 * A relay for development and tests: it speaks the agent side of the gateway protocol
 * (gateway.md sections 2 to 5) to one agent, lets {@link Person}s write to it, and serves
 * a chat page at its address.
 * <p>
 * <strong>Not meant for the internet.</strong> It listens on 127.0.0.1 only, but everyone
 * on this machine can open the page and write as its person, whose keys are in this
 * process. It keeps everything in memory, up to limits, and forgets it when it is closed.
 * <p>
 * It is strict: what the agent does against the protocol is refused and listed in
 * {@link #violations()}. Messages stay in their order until the agent acknowledges them,
 * and are delivered again at each connection. When several processes use the agent's
 * token at once, they compete as in production: messages go to the one that connected
 * last.
 */
public final class DevRelay implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	/** Lets the last tasks of closed connections run. */
	private static final Duration QUIET_PERIOD = Duration.ofMillis(50);

	private static final long REFRESH_MILLIS = 500;

	private final SecureRandom random = new SecureRandom();

	private final PublishedKeys keys = new PublishedKeys();

	private final Mailbox mailbox = new Mailbox();

	private final Violations violations = new Violations();

	private final Blobs blobs = new Blobs();

	private final Map<DeviceKey, Device> devices = new ConcurrentHashMap<>();

	private final Map<PersonAddress, Person> people = new ConcurrentHashMap<>();

	private final Map<String, Group> groups = new ConcurrentHashMap<>();

	private final Sinks.Many<RelayEvent> events = Sinks.many().multicast().directBestEffort();

	private final Scheduler worker = Schedulers.newSingle("pacerelle-dev-relay", true);

	private final LoopResources loops = LoopResources.create("pacerelle-dev-relay-http", 1, true);

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final String agentId;

	private final String token;

	private final Chat chat;

	private final DisposableServer server;

	private volatile boolean tokenRefused;

	private DevRelay(int port, String agentId, String token) {
		this.agentId = agentId;
		this.token = token;
		HttpServerRoutes routes = HttpServerRoutes.newRoutes();
		new AgentEndpoints(token, this::refusesToken, this.keys, this.blobs, this.mailbox, this::groupKeys,
				this::deliver, this::publish, this.violations, this.worker)
			.register(routes);
		this.chat = new Chat(this, this.mailbox, events());
		new PageEndpoints(this.chat, this.worker).register(routes);
		try {
			this.server = HttpServer.create()
				.host(HOST)
				.port(port)
				.runOn(this.loops)
				.channelGroup(this.channels)
				.handle((request, response) -> RequestGuard.isForThisHost(request) ? routes.apply(request, response)
						: RequestBody.discard(request).then(response.status(403).send()))
				.bindNow();
		}
		catch (RuntimeException ex) {
			release();
			throw ex;
		}
		this.worker.schedulePeriodically(this.chat::refresh, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Starts a relay on a free port, for an agent {@code dev-agent} with a random token.
	 * @return the relay, ready
	 */
	public static DevRelay start() {
		return start(0);
	}

	/**
	 * Starts a relay for an agent {@code dev-agent} with a random token.
	 * @param port the port on 127.0.0.1, or 0 for a free one
	 * @return the relay, ready
	 */
	public static DevRelay start(int port) {
		return start(port, "dev-agent", randomToken());
	}

	/**
	 * Starts a relay.
	 * @param port the port on 127.0.0.1, or 0 for a free one
	 * @param agentId the agent's id
	 * @param token the agent's token
	 * @return the relay, ready
	 */
	public static DevRelay start(int port, String agentId, String token) {
		if (agentId.isEmpty() || token.isEmpty()) {
			throw new IllegalArgumentException("The agent's id and token must not be empty");
		}
		return new DevRelay(port, agentId, token);
	}

	/**
	 * The id of the agent that this relay is for.
	 * @return the agent id
	 */
	public String agentId() {
		return this.agentId;
	}

	/**
	 * The token that the agent needs.
	 * @return the token
	 */
	public String token() {
		return this.token;
	}

	/**
	 * The address for the agent, and of the chat page.
	 * @return an HTTP address without a trailing slash
	 */
	public URI baseUrl() {
		return URI.create("http://" + HOST + ":" + this.server.port());
	}

	/**
	 * A person who may write to the agent. The same address is always the same person.
	 * @param userId the person's id
	 * @param conversationId the conversation
	 * @param deviceId the device of the person, or {@code null} for a client without one
	 * @return the person
	 */
	public Person person(String userId, String conversationId, @Nullable String deviceId) {
		return person(null, new PersonAddress(userId, conversationId, deviceId));
	}

	/**
	 * A group that the agent belongs to. The same conversation is always the same group,
	 * and nobody writes to the agent alone in it.
	 * @param conversationId the conversation of the group
	 * @return the group, without members if it is new
	 */
	public Group group(String conversationId) {
		return this.groups.computeIfAbsent(conversationId, (id) -> new Group(id, this::person, this.random));
	}

	private Person person(@Nullable Group group, PersonAddress address) {
		return this.people.computeIfAbsent(address, (added) -> new Person(added, this.agentId, device(added), group,
				this.keys, this.mailbox, this.blobs, this.random, this::publish));
	}

	private Device device(PersonAddress address) {
		return this.devices.computeIfAbsent(new DeviceKey(address.userId(), address.deviceId()),
				(added) -> new Device(this.random));
	}

	/**
	 * Whether the agent is connected now.
	 * @return whether it is
	 */
	public boolean isAgentConnected() {
		return this.mailbox.isConnected();
	}

	/**
	 * The messages to the agent that it has not acknowledged.
	 * @return their ids in their order
	 */
	public List<String> unacknowledged() {
		return this.mailbox.unacknowledged();
	}

	/**
	 * What the agent did against the protocol.
	 * @return the first 100 violations, without content
	 */
	public List<String> violations() {
		return this.violations.list();
	}

	/**
	 * Closes the agent's connections, as a relay may do at any time. The agent may
	 * connect again at once.
	 */
	public void disconnectAgent() {
		this.mailbox.connections().forEach(AgentConnection::close);
	}

	/**
	 * Lets the next message of a person meet a fault on its way to the agent.
	 * @param fault the fault
	 */
	public void failNext(Fault fault) {
		this.mailbox.failNext(fault);
	}

	/**
	 * Refuses the agent's token from now on, as after it was revoked, and closes its
	 * connections; or accepts it again.
	 * @param refused whether to refuse it
	 */
	public void refuseToken(boolean refused) {
		this.tokenRefused = refused;
		if (refused) {
			disconnectAgent();
		}
	}

	boolean refusesToken() {
		return this.tokenRefused;
	}

	/**
	 * Shows on the page what the operator of the agent decides on: its dead letters, and
	 * the devices of people.
	 * @param agent the agent in this process; it replaces the one before
	 */
	public void operate(AgentGatewayClient agent) {
		this.chat.operate(agent);
	}

	/**
	 * Closes all connections and forgets everything.
	 */
	@Override
	public void close() {
		this.server.dispose();
		this.server.onDispose().block();
		this.channels.close().awaitUninterruptibly();
		release();
	}

	Flux<RelayEvent> events() {
		return this.events.asFlux();
	}

	private List<ObjectNode> groupKeys(String conversationId) {
		Group group = this.groups.get(conversationId);
		return (group != null) ? group.envelopes() : List.of();
	}

	private void deliver(AgentFrame.Message message) {
		Group group = this.groups.get(message.conversationId());
		if (group != null && group.address().equals(message.to())) {
			group.receive(message);
			return;
		}
		Person person = this.people.get(new PersonAddress(message.to(), message.conversationId(), message.deviceId()));
		if (person == null) {
			throw new ProtocolViolationException("MSG is for a person, conversation or device that is not here");
		}
		person.receive(message);
	}

	/** What happens to a relay that is closed nobody sees. */
	private void publish(RelayEvent event) {
		if (!this.worker.isDisposed()) {
			this.worker.schedule(() -> this.events.tryEmitNext(event));
		}
	}

	private static String randomToken() {
		byte[] bytes = new byte[32];
		new SecureRandom().nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private void release() {
		// On a busy machine the loops end later, which is no error.
		this.loops.disposeLater(QUIET_PERIOD, Duration.ofSeconds(1)).onErrorComplete().block();
		this.worker.dispose();
	}

	private record DeviceKey(String userId, @Nullable String deviceId) {
	}

}
