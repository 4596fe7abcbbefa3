package com.pacerelle.spring.connect;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectException;
import com.pacerelle.client.connect.AgentConnectSettings;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Agents of several installations on one relay, and how their tokens are renewed. The
 * time of renewals is virtual.
 */
@ExtendWith(OutputCaptureExtension.class)
class InstalledAgentsTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final AgentMessageHandler ECHO = (message, conversation) -> Mono
		.just(new Reply("Received: " + message.text()));

	@TempDir
	Path root;

	private final InstallingRelay relay = new InstallingRelay();

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

	private InstallationRepository repository;

	private InstalledAgents agents;

	private AgentConnect connect;

	@BeforeEach
	void start() {
		this.repository = new FileInstallationRepository(this.root.resolve("installations.json"));
		AgentConnectClient client = new AgentConnectClient(new AgentConnectSettings(this.relay.address(), "client-1",
				"c0nnect-key", URI.create("https://example.com/installed"), "Echo", ""));
		this.agents = new InstalledAgents(this.repository, client,
				(token) -> AgentGatewaySettings.builder(token.agentId(), token.agentToken())
					.storeRoot(this.root)
					.encrypted(false)
					.connection((connection) -> connection.baseUrl(this.relay.address())
						.minBackoff(Duration.ofMillis(20))
						.tokenRefusedBackoff(Duration.ofHours(10)))
					.build(),
				(settings) -> SqliteAgentStore.open(settings.storeRoot(), settings.agentId()), ECHO,
				new Renewal(Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofSeconds(30),
						Duration.ofMinutes(2)),
				Duration.ofSeconds(2), this.time, (agentId, event) -> this.events.add(event));
		this.connect = new AgentConnect(client, new InMemoryPendingInstallations(10, Clock.systemUTC()),
				this.repository, this.agents, new SecureRandom());
		this.agents.start();
	}

	@AfterEach
	void stop() {
		this.agents.stop();
		this.relay.close();
		this.time.dispose();
	}

	@Test
	void eachInstallationHasItsOwnAgentAndAllAreServedAtOnce() {
		install("agent-1");
		install("agent-2");
		this.relay.send("agent-1", "m-1", "one");
		this.relay.send("agent-2", "m-2", "two");
		await().untilAsserted(() -> assertThat(this.relay.replies("m-1")).containsExactly("Received: one"));
		await().untilAsserted(() -> assertThat(this.relay.replies("m-2")).containsExactly("Received: two"));
		assertThat(this.agents.agentIds()).containsExactlyInAnyOrder("agent-1", "agent-2");
		assertThat(this.root.resolve("agent-1")).isDirectory();
		assertThat(this.root.resolve("agent-2")).isDirectory();
	}

	@Test
	void whatEachAgentTellsIsTold() {
		install("agent-1");
		install("agent-2");
		await().untilAsserted(() -> assertThat(this.events)
			.filteredOn(new GatewayEvent.ConnectionChanged(ConnectionState.CONNECTED)::equals)
			.hasSize(2));
	}

	@Test
	void installationsOutliveTheApplication() {
		install("agent-1");
		install("agent-2");
		this.agents.stop();
		await().until(() -> !this.relay.isConnected("agent-1") && !this.relay.isConnected("agent-2"));
		this.agents.start();
		await().until(() -> this.relay.isConnected("agent-1") && this.relay.isConnected("agent-2"));
	}

	@Test
	void tokenIsRenewedBeforeItsEndAndTheNextConnectionHasIt() {
		install("agent-1");
		String first = this.relay.token("agent-1");
		this.time.advanceTimeBy(Duration.ofMinutes(49));
		assertThat(this.relay.token("agent-1")).isEqualTo(first);
		this.time.advanceTimeBy(Duration.ofMinutes(6));
		String second = awaitTokenAfter("agent-1", first);
		assertThat(this.relay.connected()).as("the connection stays").containsExactly(first);
		this.relay.send("agent-1", "m-1", "still there?");
		await().untilAsserted(() -> assertThat(this.relay.replies("m-1")).hasSize(1));
		// The relay knows the new token before the agent does.
		await().until(() -> isRenewalScheduled());
		this.relay.close("agent-1", 1001);
		await().untilAsserted(() -> assertThat(this.relay.connected()).containsExactly(first, second));
		this.time.advanceTimeBy(Duration.ofHours(1));
		awaitTokenAfter("agent-1", second);
	}

	@Test
	void refusedTokenIsRenewedAtOnceAndAnotherOneAfterAPause() {
		install("agent-1");
		this.time.advanceTimeBy(Duration.ofMinutes(10));
		String first = this.relay.token("agent-1");
		this.relay.invalidateToken("agent-1");
		this.relay.close("agent-1", 4401);
		await().until(() -> this.relay.connected().size() == 2);
		await().until(() -> state("agent-1") == ConnectionState.CONNECTED);
		String second = this.relay.token("agent-1");
		assertThat(this.relay.connected()).containsExactly(first, second);
		this.relay.invalidateToken("agent-1");
		this.relay.close("agent-1", 4401);
		await().until(() -> state("agent-1") == ConnectionState.TOKEN_REFUSED);
		await().during(Duration.ofMillis(200)).until(() -> this.relay.token("agent-1").equals("none"));
		await().until(() -> {
			this.time.advanceTimeBy(Duration.ofMinutes(1));
			return state("agent-1") == ConnectionState.CONNECTED;
		});
	}

	@Test
	void requestForATokenThatFailsIsRepeated(CapturedOutput output) {
		this.relay.fail(3);
		complete();
		await().until(() -> {
			this.time.advanceTimeBy(Duration.ofSeconds(30));
			return this.relay.isConnected("agent-1");
		});
		assertThat(output).contains("No runtime token for agent 'agent-1' after 3 attempt(s), trying again: "
				+ "The relay answered POST /agent-connect/runtime-token with HTTP status 503");
		assertNothingSecret(output);
	}

	@Test
	void removedInstallationStopsItsAgentLoudlyAndOthersGoOn(CapturedOutput output) {
		install("agent-1");
		install("agent-2");
		this.relay.remove("agent-1");
		this.time.advanceTimeBy(Duration.ofMinutes(56));
		await().until(() -> !this.relay.isConnected("agent-1"));
		await().untilAsserted(() -> assertThat(this.agents.agentIds()).containsExactly("agent-2"));
		assertThat(output).contains("ERROR").contains("THE RELAY REFUSED THE INSTALLATION OF AGENT agent-1");
		this.relay.send("agent-2", "m-2", "two");
		await().untilAsserted(() -> assertThat(this.relay.replies("m-2")).containsExactly("Received: two"));
		assertThat(this.repository.findAll()).as("nothing is forgotten by itself").hasSize(2);
		assertNothingSecret(output);
	}

	@Test
	void storeThatCannotBeOpenedCostsOneAgentOnly(CapturedOutput output) throws Exception {
		Files.writeString(this.root.resolve("agent-1"), "in the way");
		complete();
		await().untilAsserted(() -> assertThat(output).contains("THE AGENT agent-1 OF AN INSTALLATION CANNOT RUN"));
		install("agent-2");
	}

	@Test
	void removalStopsTheAgentAndForgetsTheInstallation() {
		install("agent-1");
		this.connect.remove("agent-1").block(PATIENCE);
		assertThat(this.repository.findAll()).isEmpty();
		assertThat(this.agents.agentIds()).isEmpty();
		assertThat(this.agents.client("agent-1")).isNull();
		await().until(() -> !this.relay.isConnected("agent-1"));
	}

	@Test
	void newInstallationOfAnAgentTakesThePlaceOfTheOld() {
		Installation installation = install("agent-1");
		String first = this.relay.token("agent-1");
		this.agents.run(installation);
		await().until(() -> this.relay.connected().size() == 2);
		assertThat(this.relay.connected()).containsExactly(first, this.relay.token("agent-1"));
	}

	@Test
	void stateCountsOnceAndOnlyIfItWasBegun() {
		URI redirect = this.connect.begin().block(PATIENCE).authorizationUrl();
		StepVerifier.create(this.connect.complete("forged", parameter(redirect, "code")))
			.verifyError(UnknownInstallationException.class);
		this.connect.complete(parameter(redirect, "state"), parameter(redirect, "code")).block(PATIENCE);
		StepVerifier.create(this.connect.complete(parameter(redirect, "state"), parameter(redirect, "code")))
			.verifyError(UnknownInstallationException.class);
	}

	@Test
	void codeOfAnotherInstallationIsRefused() {
		URI mine = this.connect.begin().block(PATIENCE).authorizationUrl();
		URI other = this.connect.begin().block(PATIENCE).authorizationUrl();
		StepVerifier.create(this.connect.complete(parameter(mine, "state"), parameter(other, "code")))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(AgentConnectException.class,
					(ex) -> assertThat(ex.isRefused()).isTrue()));
		assertThat(this.repository.findAll()).isEmpty();
	}

	@Test
	void installationGoesOnWhenTheBrowserDoesNotWait() {
		URI redirect = this.connect.begin().block(PATIENCE).authorizationUrl();
		this.connect.complete(parameter(redirect, "state"), parameter(redirect, "code")).subscribe().dispose();
		await().untilAsserted(() -> assertThat(this.repository.findAll()).hasSize(1));
	}

	private Installation install(String agentId) {
		Installation installation = complete();
		assertThat(installation.agentId()).isEqualTo(agentId);
		await().until(() -> this.relay.isConnected(agentId));
		await().until(() -> state(agentId) == ConnectionState.CONNECTED);
		return installation;
	}

	private Installation complete() {
		URI redirect = this.connect.begin().block(PATIENCE).authorizationUrl();
		return this.connect.complete(parameter(redirect, "state"), parameter(redirect, "code")).block(PATIENCE);
	}

	private String awaitTokenAfter(String agentId, String token) {
		await().until(() -> !this.relay.token(agentId).equals(token));
		return this.relay.token(agentId);
	}

	private boolean isRenewalScheduled() {
		return this.time.getScheduledTaskCount() > 0 && this.time.now(TimeUnit.MINUTES) >= 55;
	}

	private ConnectionState state(String agentId) {
		return this.agents.client(agentId).state();
	}

	private static String parameter(URI address, String name) {
		return UriComponentsBuilder.fromUri(address).build().getQueryParams().getFirst(name);
	}

	private static void assertNothingSecret(CapturedOutput output) {
		assertThat(output).doesNotContain("inst4ll", "runt1me", "c0nnect-key");
	}

}
