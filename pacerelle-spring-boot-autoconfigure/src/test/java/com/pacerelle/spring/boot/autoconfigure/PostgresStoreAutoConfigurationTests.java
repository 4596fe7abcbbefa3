package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.spring.transaction.SpringTransactions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.interceptor.TransactionInterceptor;

import static org.assertj.core.api.Assertions.assertThat;

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
			agent().run((other) -> assertThat(other).getFailure().hasRootCauseInstanceOf(StoreInUseException.class));
		});
		agent().run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theStoreTakesPartInTransactionsOfTheApplicationUnlessItIsElsewhere() {
		agent().run((context) -> assertThat(context.getBean(AgentStore.class).transactions())
			.isSameAs(context.getBean(SpringTransactions.class)));
		agent().withPropertyValues("pacerelle.dev-relay.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(SpringTransactions.class));
		agent().withPropertyValues("pacerelle.store.type=sqlite")
			.run((context) -> assertThat(context).doesNotHaveBean(SpringTransactions.class));
		agent().withClassLoader(new FilteredClassLoader(TransactionInterceptor.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpringTransactions.class));
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
