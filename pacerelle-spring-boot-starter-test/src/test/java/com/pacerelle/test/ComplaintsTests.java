package com.pacerelle.test;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.pacerelle.spring.permission.RequiresPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.util.ClassUtils;

import static com.pacerelle.test.PacerelleConditions.confirm;
import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.textMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * What users of libraries like this one complain about most, each as a short story of how
 * it is here. The tests of the features go into the details.
 */
@SpringBootTest(classes = ComplaintsTests.Agent.class,
		properties = { "pacerelle.concurrency=2", "pacerelle.handler.backoff=1ms" })
class ComplaintsTests {

	private static final Duration WAIT = Duration.ofSeconds(30);

	@TempDir
	private Path storeRoot;

	@Autowired
	private Agent agent;

	@Autowired
	private DevRelay relay;

	@BeforeEach
	void reset() {
		this.agent.reset();
	}

	/** 1. The start fails because the other side is away. */
	@Test
	void startsAlthoughTheRelayIsAway() throws IOException {
		int port = freePort();
		try (ConfigurableApplicationContext application = start("http://127.0.0.1:" + port)) {
			assertThat(application.isRunning()).isTrue();
			try (DevRelay late = DevRelay.start(port, "agent-1", "s3cr3t")) {
				assertThat(answer(late, "hello")).isEqualTo("Received: hello");
			}
		}
	}

	/** 2. It does not connect again, or is deaf without noticing. */
	@Test
	void connectsAgainWhenTheRelayFallsSilent() {
		try (DevRelay silent = DevRelay.start(0, "agent-1", "s3cr3t");
				Line line = new Line(silent.baseUrl().getPort());
				ConfigurableApplicationContext application = start(silent, line)) {
			assertThat(answer(silent, "hello")).isEqualTo("Received: hello");
			line.silenceOpenConnections();
			await().atMost(WAIT).until(() -> line.connections() > 1);
			assertThat(answer(silent, "still there?")).isEqualTo("Received: still there?");
			assertThat(application.isRunning()).isTrue();
		}
	}

	/** 3. What looks healthy is dead. */
	@Test
	void healthIsDownWhileTheRelayIsSilent() {
		try (DevRelay silent = DevRelay.start(0, "agent-1", "s3cr3t");
				Line line = new Line(silent.baseUrl().getPort());
				ConfigurableApplicationContext application = start(silent, line)) {
			HealthIndicator health = application.getBean("pacerelleHealthIndicator", HealthIndicator.class);
			await().atMost(WAIT).until(() -> status(health).equals(Status.UP));
			line.silence();
			await().atMost(WAIT).until(() -> status(health).equals(Status.DOWN));
			line.silenceOpenConnections();
			await().atMost(WAIT).until(() -> status(health).equals(Status.UP));
		}
	}

	/** 4. One bad message comes again and again, or ends the stream. */
	@Test
	void messageThatCannotBeHandledEndsAndTheNextOneIsHandled(@Autowired TestPerson person,
			@Autowired AgentGatewayClient client) {
		person.says("/fail").receives(textMatching("Something went wrong.*"));
		assertThat(this.agent.failures).hasValue(3);
		assertThat(client.deadLetters()).hasSize(1);
		person.says("hello").receives(text("Received: hello"));
		assertThat(this.agent.failures).hasValue(3);
	}

	/** 5. Messages are acknowledged before asynchronous handlers have handled them. */
	@ParameterizedTest
	@ValueSource(strings = { "/future", "/mono", "/flux" })
	void messageIsAcknowledgedWhenItsAsynchronousHandlerCompletes(String command, @Autowired TestPerson person) {
		person.says(command);
		await().atMost(WAIT).untilAtomic(this.agent.calls, (calls) -> assertThat(calls).isPositive());
		assertThat(this.relay.unacknowledged()).hasSize(1);
		this.agent.result.complete("done");
		person.receives(text("done"));
		await().atMost(WAIT).untilAsserted(() -> assertThat(this.relay.unacknowledged()).isEmpty());
	}

	/** 6. A handler that blocks starves the heartbeat. */
	@Test
	void blockingHandlersDoNotCostTheConnection() {
		try (DevRelay other = DevRelay.start(0, "agent-1", "s3cr3t");
				Line line = new Line(other.baseUrl().getPort());
				ConfigurableApplicationContext application = start(other, line)) {
			Agent busy = application.getBean(Agent.class);
			await().atMost(WAIT).until(other::isAgentConnected);
			List<Mono<String>> answers = Stream.of("alice", "bob", "carol")
				.map((name) -> send(other, name, "/block"))
				.toList();
			await().atMost(WAIT).untilAtomic(busy.calls, (calls) -> assertThat(calls).isEqualTo(2));
			Duration manyPings = Duration.ofSeconds(2);
			await().during(manyPings).atMost(WAIT).until(() -> line.connections() == 1 && other.isAgentConnected());
			busy.released.countDown();
			assertThat(Flux.merge(answers).collectList().block(WAIT)).containsOnly("released").hasSize(3);
		}
	}

	/** 7. Handlers on proxies, lazy beans or early beans are lost. */
	@Test
	void handlersOfProxiesAndOfLazyAndEarlyBeansAreFound(@Autowired TestPerson person) {
		person.says("/proxied").receives(text("proxied"));
		person.says("/lazy").receives(text("lazy"));
		person.says("/early").receives(text("early"));
	}

	/** 8. Waiting for a person blocks everything. */
	@Test
	void waitingForPeopleBlocksNobody(@Autowired TestPeople people, @Autowired TestPerson other) {
		List<TestPerson> asked = Stream.of("alice", "bob", "carol", "dave").map(people::person).toList();
		asked.forEach((person) -> person.says("/ask").receives(confirm("ask")));
		other.says("hello").receives(text("Received: hello"));
		asked.forEach((person) -> person.answers(true).receives(text("answered true")));
	}

	/** 8. There is no consent before something is done. */
	@Test
	void nothingIsDoneWithoutTheConsentThatItNeeds(@Autowired TestPerson person, @Autowired Disk disk) {
		assertThat(person.says("/delete").receives()).asString().contains("delete: file:/tmp/x");
		person.denies().receives(text("This was not permitted"));
		assertThat(disk.deleted()).isZero();
		person.says("/delete").receives();
		person.grants().receives(text("deleted"));
		assertThat(disk.deleted()).isEqualTo(1);
	}

	/** 9. Stopping leaves work running, or the JVM never ends. */
	@Test
	void stopLetsHandlersFinishAndLeavesNoThreadThatHoldsTheJvm() {
		long before = threadsThatHoldTheJvm();
		try (DevRelay other = DevRelay.start(0, "agent-1", "s3cr3t")) {
			ConfigurableApplicationContext application = start(other.baseUrl().toString());
			Agent busy = application.getBean(Agent.class);
			await().atMost(WAIT).until(other::isAgentConnected);
			CompletableFuture<String> answer = send(other, "alice", "/block").toFuture();
			await().atMost(WAIT).untilAtomic(busy.calls, (calls) -> assertThat(calls).isPositive());
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(application::close);
			await().atMost(WAIT).until(application::isClosed);
			assertThat(stopped).isNotDone();
			busy.released.countDown();
			assertThat(answer).succeedsWithin(WAIT).isEqualTo("released");
			assertThat(stopped).succeedsWithin(WAIT);
		}
		await().atMost(WAIT).until(() -> threadsThatHoldTheJvm() <= before);
	}

	/** 10. There is no test kit. */
	@Test
	void conversationIsTestedInOneLine(@Autowired TestPerson person) {
		person.says("/ask").receives(confirm("ask").title("Sure?")).answers(false).receives(text("answered false"));
	}

	/** 11. A new identity of a person stops the bot until somebody edits its store. */
	@Test
	void newDeviceOfAPersonIsServedAndTold(@Autowired TestPerson person) {
		person.says("hello").receives(text("Received: hello"));
		TestPerson laptop = person.onDevice("laptop");
		laptop.says("it is me").receives(text("Received: it is me"));
		await().atMost(WAIT).untilAsserted(() -> assertThat(this.agent.newDevices).hasSize(1));
		person.says("still me").receives(text("Received: still me"));
	}

	/** 11. The native library of the protocol does not load. */
	@Test
	void sessionProtocolNeedsNoNativeLibrary() {
		ClassLoader classLoader = getClass().getClassLoader();
		assertThat(ClassUtils.isPresent("com.pacerelle.signal.session.SessionCipher", classLoader)).isTrue();
		assertThat(ClassUtils.isPresent("org.signal.libsignal.internal.Native", classLoader)).isFalse();
	}

	/** 12. A second instance fights the first one for ever. */
	@Test
	void secondInstanceIsRefusedAndTheFirstGoesOn() {
		try (DevRelay shared = DevRelay.start(0, "agent-1", "s3cr3t");
				ConfigurableApplicationContext first = start(shared.baseUrl().toString())) {
			assertThat(answer(shared, "hello")).isEqualTo("Received: hello");
			assertThatException().isThrownBy(() -> start(shared.baseUrl().toString()))
				.withRootCauseInstanceOf(StoreInUseException.class);
			assertThat(first.isRunning()).isTrue();
			assertThat(answer(shared, "still you?")).isEqualTo("Received: still you?");
		}
	}

	private ConfigurableApplicationContext start(DevRelay relay, Line line) {
		return start(relay.baseUrl().toString(), "--pacerelle.web-socket-url=ws://127.0.0.1:" + line.port(),
				"--pacerelle.ping-interval=200ms", "--pacerelle.pong-timeout=500ms", "--pacerelle.connect-timeout=1s");
	}

	/** An application of its own, as in production. */
	private ConfigurableApplicationContext start(String relay, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--pacerelle.agent-id=agent-1", "--pacerelle.token=s3cr3t", "--pacerelle.base-url=" + relay,
						"--pacerelle.store.root=" + this.storeRoot, "--pacerelle.reconnect.min-backoff=20ms",
						"--pacerelle.reconnect.max-backoff=100ms", "--pacerelle.concurrency=2"));
		all.addAll(List.of(arguments));
		return new SpringApplicationBuilder(Agent.class).web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.run(all.toArray(String[]::new));
	}

	private static String answer(DevRelay relay, String text) {
		await().atMost(WAIT).until(relay::isAgentConnected);
		return send(relay, "alice", text).block(WAIT);
	}

	private static Mono<String> send(DevRelay relay, String name, String text) {
		Person person = relay.person(name, "conversation-of-" + name, "phone");
		return person.reply(person.send(text)).map(ReceivedMessage::text);
	}

	private static Status status(HealthIndicator health) {
		return health.health().getStatus();
	}

	private static long threadsThatHoldTheJvm() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.isDaemon() && thread.getName().startsWith("pacerelle"))
			.count();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Agent {

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger calls = new AtomicInteger();

		private final List<GatewayEvent.DeviceAdded> newDevices = new CopyOnWriteArrayList<>();

		private final CountDownLatch released = new CountDownLatch(1);

		private volatile CompletableFuture<String> result = new CompletableFuture<>();

		void reset() {
			this.failures.set(0);
			this.calls.set(0);
			this.newDevices.clear();
			this.result = new CompletableFuture<>();
		}

		@PacerelleHandler
		String echo(String text) {
			return "Received: " + text;
		}

		@PacerelleHandler("/fail")
		void fail() {
			this.failures.incrementAndGet();
			throw new IllegalStateException();
		}

		@PacerelleHandler("/future")
		CompletableFuture<String> future() {
			this.calls.incrementAndGet();
			return this.result;
		}

		@PacerelleHandler("/mono")
		Mono<String> mono() {
			return Mono.fromFuture(future());
		}

		@PacerelleHandler("/flux")
		Flux<String> flux() {
			return mono().flux();
		}

		@PacerelleHandler("/block")
		String block() throws InterruptedException {
			this.calls.incrementAndGet();
			this.released.await();
			return "released";
		}

		@PacerelleHandler("/ask")
		String ask(Conversation conversation) {
			return "answered " + conversation.askAndWait(Confirm.of("Sure?").id("ask"));
		}

		@EventListener
		void deviceAdded(GatewayEvent.DeviceAdded event) {
			this.newDevices.add(event);
		}

		@Bean
		Proxied proxied() {
			ProxyFactory factory = new ProxyFactory(new Proxied());
			factory.setProxyTargetClass(true);
			return (Proxied) factory.getProxy();
		}

		@Bean
		@Lazy
		LazyHandlers lazyHandlers() {
			return new LazyHandlers();
		}

		@Bean
		static EarlyHandlers earlyHandlers() {
			return new EarlyHandlers();
		}

		@Bean
		static BeanPostProcessor needsEarlyHandlers(EarlyHandlers handlers) {
			return new BeanPostProcessor() {
			};
		}

		@Bean
		Disk disk() {
			return new Disk();
		}

		@Bean
		Cleaner cleaner(Disk disk) {
			return new Cleaner(disk);
		}

	}

	static class Proxied {

		@PacerelleHandler("/proxied")
		String proxied() {
			return "proxied";
		}

	}

	static class LazyHandlers {

		@PacerelleHandler("/lazy")
		String lazy() {
			return "lazy";
		}

	}

	static class EarlyHandlers {

		@PacerelleHandler("/early")
		String early() {
			return "early";
		}

	}

	static class Cleaner {

		private final Disk disk;

		Cleaner(Disk disk) {
			this.disk = disk;
		}

		@PacerelleHandler("/delete")
		String delete() {
			this.disk.delete("/tmp/x");
			return "deleted";
		}

	}

	static class Disk {

		private final AtomicInteger deleted = new AtomicInteger();

		@RequiresPermission(action = "delete", resource = "file:#{#path}")
		void delete(String path) {
			this.deleted.incrementAndGet();
		}

		int deleted() {
			return this.deleted.get();
		}

	}

}
