package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.StandbyException;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.spring.boot.actuate.PacerelleActuatorAutoConfiguration;
import com.pacerelle.spring.boot.actuate.PacerelleEndpoint;
import com.pacerelle.spring.boot.actuate.PacerelleHealthIndicator;
import com.pacerelle.spring.boot.actuate.PacerelleMetrics;
import com.pacerelle.spring.client.RestartableClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Agents whose state is in the application's database.
 */
class PostgresStoreAutoConfigurationTests {

	private static EmbeddedPostgres postgres;

	@TempDir
	private Path storeRoot;

	@BeforeAll
	static void startServer() throws IOException {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopServer() throws IOException {
		postgres.close();
	}

	@Test
	void aPropertyPutsTheStoreIntoTheDatabaseOfTheApplication() {
		agent().run((context) -> {
			assertThat(context).hasSingleBean(AgentStore.class).hasSingleBean(AgentGatewayClient.class);
			assertThat(context.getBean(AgentStore.class))
				.hasToString("PostgresAgentStore[PostgreSQL (agent 'agent-1')]");
			assertThat(Files.exists(this.storeRoot.resolve("agent-1"))).isFalse();
			agent().withPropertyValues("pacerelle.store.standby=false")
				.run((other) -> assertThat(other).getFailure().hasRootCauseInstanceOf(StoreInUseException.class));
		});
		agent().run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void anApplicationWhoseAgentRunsElsewhereIsAStandbyUntilThatOneStops() {
		AtomicReference<String> code = new AtomicReference<>();
		// Without a relay, one that is active fails.
		agent().withPropertyValues("pacerelle.fail-fast=true").run((active) -> assertThat(active).hasFailed());
		agent().run((active) -> {
			code.set(active.getBean(AgentGatewayClient.class).verificationCode());
			agent().withConfiguration(AutoConfigurations.of(PacerelleActuatorAutoConfiguration.class))
				.withPropertyValues("pacerelle.fail-fast=true", "pacerelle.log-verification-code=true")
				.run((standby) -> {
					assertThat(standby).hasNotFailed();
					RestartableClient client = standby.getBean(RestartableClient.class);
					RestartableClient other = active.getBean(RestartableClient.class);
					assertThat(client.state()).isEqualTo(ConnectionState.STANDBY);
					await().untilAsserted(() -> assertThat(client.holder()).isEqualTo(other.holder()));
					assertThatExceptionOfType(StandbyException.class).isThrownBy(() -> client.devices("alice"))
						.withMessageContaining(other.holder().instance());
					PacerelleHealthIndicator health = standby.getBean(PacerelleHealthIndicator.class);
					assertThat(health.health().getStatus()).isEqualTo(Status.UP);
					assertThat(health.health().getDetails()).containsEntry("state", "standby")
						.containsEntry("role", "standby")
						.containsEntry("instance", other.holder().instance())
						.containsEntry("since", other.holder().since());
					assertThatNothingFails(client, other.holder());

					String instance = other.holder().instance();
					active.close();
					await().until(() -> client.state() != ConnectionState.STANDBY);
					assertThat(client.verificationCode()).isEqualTo(code.get());
					assertThat(health.health().getDetails()).containsEntry("role", "active");
					assertThat(client.holder().instance()).isNotEqualTo(instance);
				});
		});
	}

	private static void assertThatNothingFails(RestartableClient standby, LeaseHolder holder) {
		PacerelleEndpoint endpoint = new PacerelleEndpoint(standby, null);
		assertThat(endpoint.agent().state()).isEqualTo(ConnectionState.STANDBY);
		assertThat(endpoint.agent().holder()).isEqualTo(holder);
		assertThat(endpoint.agent().verificationCode()).isNull();
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint.decide(PacerelleEndpoint.Decision.RETRY, "m1"))
			.withMessageContaining(holder.instance());
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new PacerelleMetrics(standby).bindTo(registry);
		assertThat(registry.getMeters()).allSatisfy((meter) -> assertThat(meter.measure())
			.allSatisfy((measurement) -> assertThat(measurement.getValue()).isZero()));
	}

	@Test
	void aLeaseTimeOutOfBoundsNamesItsProperty() {
		agent().withPropertyValues("pacerelle.store.lease-time=1s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'pacerelle.store.lease-time' is out of bounds")
				.hasMessageContaining("between 2 seconds and 5 minutes"));
	}

	@Test
	void whatIsImportedComesFromTheFileOfTheProperty() {
		agent()
			.withPropertyValues("pacerelle.agent-id=agent-2", "pacerelle.store.import-from=" + this.storeRoot + "/none")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(StoreImportException.class)
				.hasMessageContaining("There is no file"));
	}

	@Test
	void aDevelopmentRunStaysAwayFromIt() {
		agent().withPropertyValues("pacerelle.dev-relay.enabled=true")
			.run((context) -> assertThat(context.getBean(AgentStore.class).toString()).startsWith("SqliteAgentStore"));
	}

	private ApplicationContextRunner agent() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class))
			.withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=s3cr3t",
					"pacerelle.base-url=http://127.0.0.1:1", "pacerelle.store.type=jdbc",
					"pacerelle.store.root=" + this.storeRoot)
			.withBean(DataSource.class, () -> postgres.getPostgresDatabase())
			.withBean(AgentMessageHandler.class, () -> (message, conversation) -> Mono.empty());
	}

}
