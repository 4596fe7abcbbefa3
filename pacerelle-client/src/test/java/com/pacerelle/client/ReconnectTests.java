package com.pacerelle.client;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Connections that end, and relays that are not there (gateway.md sections 3, 11).
 */
class ReconnectTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@TempDir
	private Path root;

	private TestRelay relay = new TestRelay();

	private TestAgent agent;

	@AfterEach
	void stop() {
		if (this.agent != null) {
			this.agent.close();
		}
		this.relay.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1009, 1011, 1012, 4000 })
	void connectionThatEndsIsOpenedAgain(int code) {
		agent((settings) -> settings).start();
		this.relay.close(code);
		await().until(() -> this.relay.connections() == 2);
		await().until(() -> this.agent.client().state() == ConnectionState.CONNECTED);
		await().until(() -> states().equals(List.of(ConnectionState.CONNECTING, ConnectionState.CONNECTED,
				ConnectionState.WAITING, ConnectionState.CONNECTING, ConnectionState.CONNECTED)));
	}

	@Test
	void connectionThatIsLostIsOpenedAgainAndPeopleAreServed() {
		agent((settings) -> settings).start();
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		for (int i = 1; i <= 5; i++) {
			String id = alice.write("text " + i);
			await().until(() -> this.relay.acknowledged().contains(id));
			assertThat(alice.readNew()).containsExactly("Received: text " + i);
			this.relay.drop();
		}
		assertThat(this.relay.bundles()).as("published once for a process").hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1008, 4401, 4403 })
	void closeCodeThatRefusesTheTokenIsAStateOfItsOwn(int code) {
		agent((settings) -> settings.connection((connection) -> connection.tokenRefusedBackoff(Duration.ofMinutes(5))))
			.start();
		this.relay.close(code);
		await().until(() -> this.agent.client().state() == ConnectionState.TOKEN_REFUSED);
		assertThat(this.relay.connections()).isOne();
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void upgradeThatRefusesTheTokenIsAStateOfItsOwn(int status) {
		this.relay.answerUpgradeWith(status);
		try (LogCapture log = new LogCapture()) {
			AgentGatewayClient client = agent((settings) -> settings).client();
			client.start();
			StepVerifier.create(client.connected())
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(TokenRefusedException.class)
					.hasMessageContaining("Copy the agent's id and token from the app again"));
			await().until(() -> client.state() == ConnectionState.TOKEN_REFUSED);
			await().until(() -> this.relay.requests().size() > 5);
			assertThat(log.lines().stream().filter((line) -> line.startsWith("ERROR"))).hasSize(1);
			this.relay.answerUpgradeWith(101);
			await().until(() -> client.state() == ConnectionState.CONNECTED);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void publicationThatRefusesTheTokenIsAStateOfItsOwn(int status) {
		this.relay.answerHttpWith(status);
		AgentGatewayClient client = agent((settings) -> settings).client();
		client.start();
		StepVerifier.create(client.connected()).verifyError(TokenRefusedException.class);
		assertThat(this.relay.connections()).isZero();
	}

	@Test
	void tokenThatReplacesARefusedOneIsUsedAtOnce() {
		this.relay.accept("next-token");
		AgentGatewayClient client = agent(
				(settings) -> settings.connection((connection) -> connection.tokenRefusedBackoff(Duration.ofHours(1))))
			.client();
		client.start();
		await().until(() -> client.state() == ConnectionState.TOKEN_REFUSED);
		client.replaceToken("next-token");
		await().until(() -> client.state() == ConnectionState.CONNECTED);
		assertThat(this.relay.bundles()).hasSize(1);
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
	}

	@Test
	void tokenThatIsReplacedWhileConnectedCountsFromTheNextConnection() {
		try (LogCapture log = new LogCapture()) {
			agent((settings) -> settings
				.connection((connection) -> connection.tokenRefusedBackoff(Duration.ofHours(1)))).start();
			this.relay.accept("next-token");
			this.agent.client().replaceToken("next-token");
			assertThat(this.relay.connections()).isOne();
			TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
			String before = alice.write("before");
			await().until(() -> this.relay.acknowledged().contains(before));
			this.relay.close(4401);
			String after = alice.write("after");
			await().until(() -> this.relay.acknowledged().contains(after));
			assertThat(alice.readNew()).containsExactly("Received: before", "Received: after");
			assertThat(states()).doesNotContain(ConnectionState.TOKEN_REFUSED);
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("ERROR"))
				.noneMatch((line) -> line.contains("next-token"));
		}
	}

	@Test
	void tokenThatCannotBeRightDoesNotReplaceAnother() {
		AgentGatewayClient client = agent((settings) -> settings).start().client();
		assertThatIllegalArgumentException().isThrownBy(() -> client.replaceToken("with space"))
			.withMessageStartingWith("'token' must not")
			.withMessageNotContaining("with space");
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2);
	}

	@Test
	void failureToPublishPassesAndIsTriedAgainBeforeTheSocketIsOpened() {
		this.relay.answerHttpWith(503);
		AgentGatewayClient client = agent((settings) -> settings).client();
		client.start();
		StepVerifier.create(client.connected()).verifyError(RelayUnreachableException.class);
		assertThat(this.relay.connections()).isZero();
		this.relay.answerHttpWith(200);
		await().until(() -> client.state() == ConnectionState.CONNECTED);
		assertThat(this.relay.bundles()).hasSize(1);
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
	}

	@Test
	void failureThatCannotEvenBeDescribedIsFollowedByAnotherAttempt() {
		AgentGatewayClient client = agent((settings) -> settings).client();
		this.agent.store().fail((changes) -> {
			throw new IllegalStateException() {

				@Override
				public String getMessage() {
					throw new UnsupportedOperationException();
				}

			};
		});
		client.start();
		await().until(() -> client.state() == ConnectionState.WAITING);
		this.agent.store().fail((changes) -> false);
		await().until(() -> client.state() == ConnectionState.CONNECTED);
	}

	@Test
	void errorsOfTheMachineAreFollowedByAnotherAttempt() {
		AgentGatewayClient client = agent((settings) -> settings).client();
		this.agent.store().fail((changes) -> {
			throw new OutOfMemoryError("a test");
		});
		client.start();
		StepVerifier.create(client.connected()).verifyError(RelayUnreachableException.class);
		this.agent.store().fail((changes) -> false);
		await().until(() -> client.state() == ConnectionState.CONNECTED);
	}

	@Test
	void relayThatIsDownAtTheStartIsWaitedFor() {
		int port = this.relay.port();
		AgentGatewayClient client = agent((settings) -> settings).client();
		this.relay.close();
		client.start();
		StepVerifier.create(client.connected())
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(RelayUnreachableException.class)
				.hasMessageContaining("http://127.0.0.1:" + port)
				.hasCauseInstanceOf(Exception.class));
		this.relay = new TestRelay(port);
		await().until(() -> client.state() == ConnectionState.CONNECTED);
	}

	@Test
	void relayThatDoesNotAcceptInTimeIsGivenUp() throws Exception {
		try (ServerSocket silent = new ServerSocket(0)) {
			this.agent = new TestAgent(this.relay, this.root,
					(settings) -> settings.encrypted(false)
						.connection((connection) -> connection
							.baseUrl(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
							.connectTimeout(Duration.ofMillis(100))),
					(message, conversation) -> Mono.empty());
			this.agent.client().start();
			StepVerifier.create(this.agent.client().connected())
				.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("in time"));
		}
	}

	@Test
	void relayThatDoesNotAnswerPingsIsLeftAndFoundAgain() {
		this.relay.answerPings(false);
		this.relay.onConnect(() -> this.relay.answerPings(this.relay.connections() > 1));
		agent((settings) -> settings.connection(
				(connection) -> connection.pingInterval(Duration.ofMillis(50)).pongTimeout(Duration.ofSeconds(1))))
			.start();
		await().until(() -> this.relay.connections() > 1);
		await().until(() -> this.agent.client().state() == ConnectionState.CONNECTED);
	}

	@Test
	void handlerThatNeedsLongDoesNotCostTheConnection() {
		CountDownLatch release = new CountDownLatch(1);
		UnaryOperator<AgentGatewaySettings.Builder> impatient = (settings) -> settings
			.handling((handling) -> handling.concurrency(1).queueCapacity(2))
			.connection(
					(connection) -> connection.pingInterval(Duration.ofMillis(20)).pongTimeout(Duration.ofSeconds(2)));
		this.agent = new TestAgent(this.relay, this.root, impatient,
				(message, conversation) -> Mono.fromCallable(() -> {
					release.await();
					return new Reply("done");
				}));
		this.agent.start();
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		for (int i = 0; i < 20; i++) {
			alice.write("text " + i);
		}
		// Much longer than a relay may be silent.
		await().pollDelay(Duration.ofSeconds(5)).until(this.relay::isConnected);
		assertThat(this.relay.connections()).isOne();
		release.countDown();
		await().until(() -> this.relay.acknowledged().size() == 20);
		assertThat(this.relay.connections()).isOne();
		assertThat(alice.readNew()).hasSize(20);
	}

	@Test
	void stopLetsHandlersFinishAndSendsTheirReplies() throws Exception {
		CountDownLatch began = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.fromCallable(() -> {
			began.countDown();
			release.await();
			return new Reply("done");
		}));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		String first = alice.write("first");
		began.await();
		String second = alice.write("second");
		Mono<Void> stopped = this.agent.client().stop(PATIENCE).cache();
		stopped.subscribe();
		await().until(ReconnectTests::isStopWaiting);
		release.countDown();
		stopped.block(PATIENCE);
		assertThat(this.relay.acknowledged()).containsExactly(first);
		assertThat(alice.readNew()).containsExactly("done");
		await().until(() -> this.relay.closeCodes().equals(List.of(1000)));
		assertThat(this.agent.store().undelivered(0, 10)).isEmpty();
		assertThat(this.agent.client().state()).isEqualTo(ConnectionState.STOPPED);
		this.agent.restart((message, conversation) -> Mono.just(new Reply("later")));
		await().until(() -> this.relay.acknowledged().contains(second));
		assertThat(alice.readNew()).containsExactly("later");
	}

	@Test
	void stopInterruptsHandlersAfterTheGraceAndTheirMessagesComeAgain() throws Exception {
		CountDownLatch began = new CountDownLatch(1);
		this.agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.fromCallable(() -> {
			began.countDown();
			new CountDownLatch(1).await();
			return new Reply("never");
		}));
		String id = new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("text");
		began.await();
		this.agent.client().stop(Duration.ofMillis(50)).block(PATIENCE);
		assertThat(this.relay.acknowledged()).isEmpty();
		this.agent.restart((message, conversation) -> Mono.empty());
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	@Test
	void stopCompletesEventsAndCanBeAskedForTwice() {
		agent((settings) -> settings).start();
		AgentGatewayClient client = this.agent.client();
		StepVerifier.create(client.events())
			.then(() -> client.stop(Duration.ZERO).then(client.stop(Duration.ZERO)).block(PATIENCE))
			.thenConsumeWhile((event) -> true)
			.verifyComplete();
		assertThatIllegalStateException().isThrownBy(client::start).withMessageContaining("create another one");
	}

	@Test
	void clientThatWasNeverStartedStops() {
		AgentGatewayClient client = agent((settings) -> settings).client();
		client.stop(Duration.ZERO).block(PATIENCE);
		StepVerifier.create(client.connected()).verifyError(IllegalStateException.class);
	}

	/**
	 * Whether no message is taken any more, and those that are handled are waited for.
	 */
	private static boolean isStopWaiting() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().equals("pacerelle-stop")
					&& thread.getState() == Thread.State.TIMED_WAITING);
	}

	private List<ConnectionState> states() {
		return this.agent.events(GatewayEvent.ConnectionChanged.class)
			.stream()
			.map(GatewayEvent.ConnectionChanged::state)
			.toList();
	}

	private TestAgent agent(UnaryOperator<AgentGatewaySettings.Builder> customizer) {
		this.agent = new TestAgent(this.relay, this.root, customizer,
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text())));
		return this.agent;
	}

}
