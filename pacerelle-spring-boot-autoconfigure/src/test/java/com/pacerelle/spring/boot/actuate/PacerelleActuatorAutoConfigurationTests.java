package com.pacerelle.spring.boot.actuate;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.spring.boot.autoconfigure.PacerelleAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerellePermissionAutoConfiguration;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.permission.PermissionSessions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link PacerelleActuatorAutoConfiguration}.
 */
class PacerelleActuatorAutoConfigurationTests {

	private final AgentGatewayClient client = mock();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(PacerelleAutoConfiguration.class, PacerellePermissionAutoConfiguration.class,
					PacerelleActuatorAutoConfiguration.class, EndpointAutoConfiguration.class,
					JacksonEndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class));

	private ApplicationContextRunner withClient() {
		given(this.client.events()).willReturn(Flux.empty());
		given(this.client.connected()).willReturn(Mono.empty());
		given(this.client.stop(any())).willReturn(Mono.empty());
		return this.contextRunner.withBean(AgentGatewayClient.class, () -> this.client)
			.withPropertyValues("management.endpoints.web.exposure.include=pacerelle");
	}

	@Test
	void anAgentHasHealthInfoMetersAndAnEndpoint() {
		withClient().withPropertyValues("management.info.pacerelle.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(PacerelleHealthIndicator.class)
				.hasSingleBean(PacerelleInfoContributor.class)
				.hasSingleBean(PacerelleMetrics.class)
				.hasSingleBean(PacerelleEndpoint.class));
	}

	@Test
	void theEndpointIsNotThereUnlessItIsExposed() {
		withClient().withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(PacerelleEndpoint.class));
	}

	@Test
	void bootsSwitchesCount() {
		withClient()
			.withPropertyValues("management.health.pacerelle.enabled=false", "management.info.pacerelle.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PacerelleHealthIndicator.class)
				.doesNotHaveBean(PacerelleInfoContributor.class));
	}

	@Test
	void nothingIsThereWithoutAnAgent() {
		this.contextRunner.withPropertyValues("pacerelle.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PacerelleHealthIndicator.class)
				.doesNotHaveBean(PacerelleMetrics.class));
	}

	@Test
	void beansOfTheApplicationAreUsed() {
		withClient().withBean("pacerelleHealthIndicator", PacerelleHealthIndicator.class, () -> mock())
			.withBean("ownMetrics", PacerelleMetrics.class, () -> mock())
			.withBean("ownEndpoint", PacerelleEndpoint.class, () -> new PacerelleEndpoint(this.client, null))
			.run((context) -> {
				assertThat(context).hasSingleBean(PacerelleMetrics.class)
					.hasBean("ownMetrics")
					.hasSingleBean(PacerelleEndpoint.class)
					.hasBean("ownEndpoint");
				assertThat(Mockito.mockingDetails(context.getBean(PacerelleHealthIndicator.class)).isMock()).isTrue();
			});
	}

	@ParameterizedTest
	@CsvSource({ "CONNECTED,UP,connected", "CONNECTING,DOWN,connecting", "WAITING,DOWN,waiting",
			"TOKEN_REFUSED,DOWN,token-refused", "STOPPED,OUT_OF_SERVICE,stopped" })
	void healthIsThatOfTheConnection(ConnectionState state, String status, String detail) {
		given(this.client.state()).willReturn(state);
		var health = new PacerelleHealthIndicator(this.client).health();
		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).containsEntry("state", detail);
	}

	@Test
	void installedAgentsAreHealthyWhileOneIsConnected() {
		InstalledAgents agents = mock();
		InstalledAgentsHealthIndicator indicator = new InstalledAgentsHealthIndicator(agents);
		given(agents.agentIds()).willReturn(List.of());
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		given(agents.agentIds()).willReturn(List.of("agent-1", "agent-2"));
		given(agents.client("agent-1")).willReturn(this.client);
		given(this.client.state()).willReturn(ConnectionState.WAITING);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
		given(this.client.state()).willReturn(ConnectionState.CONNECTED);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(indicator.health().getDetails()).containsEntry("agents", 2).containsEntry("connected", 1L);
	}

	@Test
	void anApplicationThatPeopleInstallHasHealth() {
		withClient().withBean(InstalledAgents.class, () -> mock())
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).hasSingleBean(InstalledAgentsHealthIndicator.class)
				.hasSingleBean(InstalledAgentsEndpoint.class)
				.hasSingleBean(InstalledAgentsMetrics.class));
	}

	@Test
	void operatorsSeeWhereInstalledAgentsRun() {
		InstalledAgents agents = mock();
		LeaseHolder here = new LeaseHolder("host-1", Instant.EPOCH);
		LeaseHolder there = new LeaseHolder("host-2", Instant.EPOCH);
		given(agents.agentIds()).willReturn(List.of("agent-1"));
		given(agents.client("agent-1")).willReturn(this.client);
		given(this.client.state()).willReturn(ConnectionState.CONNECTED);
		given(agents.distribution()).willReturn(new Distribution(2,
				List.of(new Distribution.Placement("agent-1", 1, here, Distribution.Pin.NONE),
						new Distribution.Placement("agent-2", 2, there, Distribution.Pin.NONE),
						new Distribution.Placement("agent-3", 3, null, Distribution.Pin.NONE))));
		InstalledAgentsEndpoint endpoint = new InstalledAgentsEndpoint(agents);
		assertThat(endpoint.agents().instances()).isEqualTo(2);
		assertThat(endpoint.agents().here()).isEqualTo(1);
		assertThat(endpoint.agents().agents().first()).containsExactly(
				new InstalledAgentsEndpoint.InstalledAgentDescriptor("agent-1", ConnectionState.CONNECTED, "host-1",
						Instant.EPOCH),
				new InstalledAgentsEndpoint.InstalledAgentDescriptor("agent-2", null, "host-2", Instant.EPOCH),
				new InstalledAgentsEndpoint.InstalledAgentDescriptor("agent-3", null, null, null));
		assertThat(endpoint.agent("agent-4")).isNull();
		MeterRegistry registry = new SimpleMeterRegistry();
		new InstalledAgentsMetrics(agents).bindTo(registry);
		assertThat(registry.get("pacerelle.installed.agents").gauge().value()).isEqualTo(1);
		assertThat(registry.get("pacerelle.installed.connected").gauge().value()).isEqualTo(1);
	}

	@Test
	void withoutOtherInstancesAllInstalledAgentsRunHere() {
		InstalledAgents agents = mock();
		given(agents.agentIds()).willReturn(List.of("agent-1"));
		InstalledAgentsEndpoint endpoint = new InstalledAgentsEndpoint(agents);
		assertThat(endpoint.agents().instances()).isEqualTo(1);
		assertThat(endpoint.agents().agents().first())
			.containsExactly(new InstalledAgentsEndpoint.InstalledAgentDescriptor("agent-1", null, null, null));
	}

	@Test
	void infoNamesTheAgentAndNotItsToken(@TempDir Path root) {
		this.contextRunner
			.withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=s3cr3t",
					"pacerelle.base-url=http://127.0.0.1:1", "pacerelle.store.root=" + root,
					"management.info.pacerelle.enabled=true")
			.run((context) -> {
				Info.Builder builder = new Info.Builder();
				context.getBean(PacerelleInfoContributor.class).contribute(builder);
				assertThat(builder.build().getDetails().toString()).contains("agentId=agent-1", "relay=127.0.0.1:1")
					.doesNotContain("s3cr3t");
			});
	}

	@Test
	void metersHaveTheValuesOfTheClient() {
		MeterRegistry registry = new SimpleMeterRegistry();
		given(this.client.state()).willReturn(ConnectionState.CONNECTED);
		given(this.client.load()).willReturn(new ClientLoad(1, 2, 3));
		given(this.client.deadLetters()).willReturn(List.of(deadLetter("message-1")));
		new PacerelleMetrics(this.client).bindTo(registry);
		assertThat(registry.getMeters()).hasSize(PacerelleMeter.values().length);
		assertThat(value(registry, PacerelleMeter.CONNECTED)).isEqualTo(1);
		assertThat(value(registry, PacerelleMeter.MESSAGES_WAITING)).isEqualTo(1);
		assertThat(value(registry, PacerelleMeter.QUESTIONS_OPEN)).isEqualTo(2);
		assertThat(value(registry, PacerelleMeter.FRAMES_UNDELIVERED)).isEqualTo(3);
		assertThat(value(registry, PacerelleMeter.DEAD_LETTERS)).isEqualTo(1);
		assertThat(value(registry, PacerelleMeter.DEVICES_WAITING)).isZero();
	}

	private static double value(MeterRegistry registry, PacerelleMeter meter) {
		return registry.get(meter.getName()).gauge().value();
	}

	@Test
	void theEndpointDescribesTheAgentAndListsTheFirstOfMany() {
		given(this.client.state()).willReturn(ConnectionState.WAITING);
		given(this.client.verificationCode()).willReturn("0123 4567");
		given(this.client.load()).willReturn(ClientLoad.NONE);
		given(this.client.deadLetters())
			.willReturn(IntStream.range(0, 150).mapToObj((index) -> deadLetter("message-" + index)).toList());
		Conversation conversation = mock();
		given(conversation.id()).willReturn("conversation");
		given(this.client.conversations()).willReturn(Flux.just(conversation).repeat(150));
		PacerelleEndpoint.AgentDescriptor agent = new PacerelleEndpoint(this.client, null).agent();
		assertThat(agent.conversations()).hasSize(PacerelleEndpoint.MAX_LISTED)
			.contains(new PacerelleEndpoint.ConversationDescriptor("conversation", false));
		assertThat(agent.state()).isEqualTo(ConnectionState.WAITING);
		assertThat(agent.verificationCode()).isEqualTo("0123 4567");
		assertThat(agent.deadLetters().total()).isEqualTo(150);
		assertThat(agent.deadLetters().first()).hasSize(PacerelleEndpoint.MAX_LISTED);
		assertThat(agent.grants().total()).isZero();
	}

	@Test
	void theOperatorDecides() {
		given(this.client.retryDeadLetter("message-1")).willReturn(Mono.empty());
		given(this.client.discardDeadLetter("message-1")).willReturn(Mono.empty());
		given(this.client.trustDevice("alice", "ABCD 0123")).willReturn(Mono.empty());
		given(this.client.refuseDevice("alice", "ABCD 0123")).willReturn(Mono.empty());
		given(this.client.waitingDevices()).willReturn(List.of(new KnownDevice("alice", "phone", "conversation",
				"ABCD 0123", Instant.EPOCH, KnownDevice.Trust.WAITING)));
		PermissionPolicy policy = mock();
		given(policy.revoke("request-1")).willReturn(true);
		PermissionSessions permissions = mock();
		given(permissions.current()).willReturn(policy);
		PacerelleEndpoint endpoint = new PacerelleEndpoint(this.client, permissions);
		endpoint.decide(PacerelleEndpoint.Decision.RETRY, "message-1");
		endpoint.decide(PacerelleEndpoint.Decision.DISCARD, "message-1");
		endpoint.decide(PacerelleEndpoint.Decision.APPROVE, "abcd0123");
		endpoint.decide(PacerelleEndpoint.Decision.REFUSE, "ABCD 0123");
		endpoint.decide(PacerelleEndpoint.Decision.REVOKE, "request-1");
		verify(this.client).retryDeadLetter("message-1");
		verify(this.client).discardDeadLetter("message-1");
		verify(this.client).trustDevice("alice", "ABCD 0123");
		verify(this.client).refuseDevice("alice", "ABCD 0123");
		verify(policy).revoke("request-1");
	}

	@ParameterizedTest
	@CsvSource({ "RETRY", "DISCARD", "APPROVE", "REFUSE", "REVOKE" })
	void whatIsNotThereIsAnInvalidRequest(PacerelleEndpoint.Decision decision) {
		given(this.client.retryDeadLetter("x")).willReturn(Mono.error(new IllegalArgumentException("unknown")));
		given(this.client.discardDeadLetter("x")).willReturn(Mono.error(new IllegalArgumentException("unknown")));
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> new PacerelleEndpoint(this.client, null).decide(decision, "x"));
	}

	private static DeadLetter deadLetter(String id) {
		return new DeadLetter(id, "alice", "conversation", "phone", 3, "java.lang.IllegalStateException", Instant.EPOCH,
				Instant.EPOCH);
	}

}
