package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.pacerelle.spring.permission.RequiresPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What a person reads when an application does not start.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTests {

	private static final String[] CREDENTIALS = { "--pacerelle.agent-id=agent-1", "--pacerelle.token=s3cr3t" };

	@Test
	void missingCredentialsAreAllNamed(CapturedOutput output) {
		assertStartFails();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle.agent-id' (environment variable PACERELLE_AGENT_ID) has no value.")
			.contains("'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN) has no value.")
			.contains("Copy the agent id and the token")
			.contains(".env")
			.contains("pacerelle.enabled=false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<agent-token>", "<your token>", "[token]", "{{token}}", "your-token", "your_agent_token",
			"YOUR-AGENT-TOKEN", "yourToken", "changeme", "change-me", "replace_me", "replace-with-token",
			"paste-token-here", "token", "agent-token", "xxxx", "...", "TODO" })
	void aPlaceholderIsNotTakenForAToken(String value, CapturedOutput output) {
		assertStartFails("--pacerelle.agent-id=agent-1", "--pacerelle.token=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN) has a placeholder")
			.doesNotContain("'pacerelle.agent-id' (environment");
	}

	@Test
	void aReferenceToAMissingVariableIsNotTakenForAToken(CapturedOutput output) {
		assertStartFails("--pacerelle.agent-id=agent-1", "--pacerelle.token=${PACERELLE_ABSENT}");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN) refers to a variable that is not set");
	}

	@ParameterizedTest
	@ValueSource(strings = { "s3cr3t ", " s3cr3t", "s3 cr3t", "s3\ncr3t", "s3cr3t\u200b", "s3cr3t\u00a0" })
	void aTokenThatWasCopiedWithInvisibleCharactersIsNotPrinted(String value, CapturedOutput output) {
		assertStartFails("--pacerelle.agent-id=agent-1", "--pacerelle.token=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN) has white space or invisible characters")
			.doesNotContain("cr3t");
	}

	@ParameterizedTest
	@CsvSource({ "base-url, PACERELLE_BASE_URL, api.pacerelle.com",
			"base-url, PACERELLE_BASE_URL, ws://api.pacerelle.com", "base-url, PACERELLE_BASE_URL, https://",
			"base-url, PACERELLE_BASE_URL, https://user:passw0rd@host",
			"base-url, PACERELLE_BASE_URL, https://host?token=passw0rd",
			"base-url, PACERELLE_BASE_URL, https://host/#passw0rd", "base-url, PACERELLE_BASE_URL, https://ho st",
			"web-socket-url, PACERELLE_WS_URL, https://api.pacerelle.com" })
	void anAddressThatIsNoneIsNamedWithoutItsValue(String property, String variable, String value,
			CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle." + property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle." + property + "' (environment variable " + variable + ")")
			.contains("Correct the property")
			.doesNotContain("passw0rd");
	}

	@ParameterizedTest
	@CsvSource({ "base-url, PACERELLE_BASE_URL, http://relay.example, an https",
			"web-socket-url, PACERELLE_WS_URL, ws://relay.example, a wss" })
	void anAddressOfAnotherMachineWithoutEncryptionIsRefusedWithWhatToDo(String property, String variable, String value,
			String expected, CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle." + property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle." + property + "' (environment variable " + variable + ") must be " + expected
					+ " address")
			.contains("'pacerelle.allow-insecure-transport=true'");
	}

	@Test
	void anSslBundleThatIsNotThereIsNamed(CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.ssl.bundle=absent");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("'absent'").doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			concurrency, 0, must be at least 1
			queue-capacity, 0, must be at least 1
			ping-interval, 0s, must be longer than zero
			pong-timeout, 0s, must be longer than zero
			connect-timeout, 0s, must be longer than zero
			shutdown-grace, -1s, must not be negative
			handler.attempts, 0, must be at least 1
			handler.backoff, -1s, must not be negative
			handler.timeout, -1s, must not be negative
			handler.max-dead-letters, -1, must not be negative
			handler.dead-letter-retention, -1d, must not be negative
			reconnect.min-backoff, 0s, must be longer than zero
			reconnect.token-refused-backoff, 0s, must be longer than zero
			permissions.request-timeout, 0s, must be longer than zero
			permissions.session-length, 0s, must be longer than zero
			""")
	void aValueOutOfRangeIsNamed(String property, String value, String reason, @TempDir Path directory,
			CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
				"--pacerelle." + property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle." + property + "' " + reason + ".")
			.contains("Correct the property, or remove it to use its default.")
			.doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@CsvSource({ "reconnect.min-backoff=1h, 'pacerelle.reconnect.max-backoff'",
			"max-frame-size=1KB, 'pacerelle.max-frame-size'", "max-frame-size=3GB, 'pacerelle.max-frame-size'" })
	void valuesThatContradictEachOtherAreNamed(String assignment, String property, CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle." + assignment);
		assertThat(output).contains("APPLICATION FAILED TO START").contains(property).doesNotContain("s3cr3t");
	}

	@Test
	void aMalformedDotenvFileIsNamedWithTheLine(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve(".env"),
				"PACERELLE_AGENT_ID=agent\nPACERELLE_AGENT_TOKEN s3cr3t\n");
		assertStartFails("--pacerelle.dotenv=" + file);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The file " + file + " cannot be used. Line 2 is not of the form NAME=value.")
			.doesNotContain("s3cr3t");
	}

	@Test
	void anUnreachableRelayIsAFailureWhenItShallBe(@TempDir Path directory, CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
				"--pacerelle.base-url=http://127.0.0.1:1", "--pacerelle.fail-fast=true");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The relay at http://127.0.0.1:1 cannot be reached")
			.contains("'pacerelle.base-url' (PACERELLE_BASE_URL)")
			.contains("'pacerelle.fail-fast=false'")
			.doesNotContain("s3cr3t");
	}

	@Test
	void aRefusedTokenIsAFailureWhenItShallBe(@TempDir Path directory, CapturedOutput output) {
		DisposableServer relay = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
			.handle((request, response) -> response.status(401).send())
			.bindNow();
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
				"--pacerelle.base-url=http://127.0.0.1:" + relay.port(), "--pacerelle.fail-fast=true");
		relay.disposeNow(Duration.ofMinutes(1));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("refused the agent's token")
			.contains("'pacerelle.token' (PACERELLE_AGENT_TOKEN)")
			.doesNotContain("s3cr3t");
	}

	@Test
	void aStoreInUseIsAFailure(@TempDir Path directory, CapturedOutput output) {
		try (AgentStore store = SqliteAgentStore.open(directory, "agent-1")) {
			assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory);
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(directory.resolve("agent-1").toString())
				.contains("an agent runs once")
				.doesNotContain("s3cr3t");
			assertThat(store.oneTimePreKeyCount()).isZero();
		}
	}

	@Test
	void aStoreThatCannotBeOpenedIsAFailure(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path root = Files.createFile(directory.resolve("file"));
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + root);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(root.toString())
			.contains("'pacerelle.store.root' (PACERELLE_STORE_ROOT)")
			.doesNotContain("s3cr3t");
	}

	@Test
	void aStoreInADatabaseThatIsNotConfiguredIsAFailureWithWhatToAdd(CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.type=jdbc");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'pacerelle.store.type' is 'jdbc', and there is no bean of type DataSource")
			.contains("spring-boot-starter-jdbc")
			.contains("org.postgresql:postgresql")
			.doesNotContain("s3cr3t");
	}

	@Test
	void aStoreInAnotherDatabaseThanPostgresIsAFailure(@TempDir Path directory, CapturedOutput output) {
		SQLiteDataSource dataSource = new SQLiteDataSource();
		dataSource.setUrl("jdbc:sqlite:" + directory.resolve("application.db"));
		SpringApplication application = application(Application.class);
		application.addInitializers(
				(GenericApplicationContext context) -> context.registerBean(DataSource.class, () -> dataSource));
		assertThatException()
			.isThrownBy(() -> application.run(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.type=jdbc"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The data source is for SQLite, and the store of an agent needs PostgreSQL")
			.contains("'spring.datasource.url'")
			.doesNotContain("s3cr3t");
	}

	@Test
	void aStoreThatCannotBeImportedIsAFailureWithTheProperty(@TempDir Path directory, CapturedOutput output) {
		Path missing = directory.resolve("signal.db");
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
				"--pacerelle.store.import-from=" + missing);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("There is no file " + missing)
			.contains("Check 'pacerelle.store.import-from'")
			.doesNotContain("s3cr3t");
	}

	@Test
	void anOldBackupIsAFailureWithTheWayOut(@TempDir Path directory, CapturedOutput output) throws IOException {
		SqliteAgentStore.open(directory, "agent-1").close();
		Path database = directory.resolve("agent-1").resolve("agent.db");
		byte[] backup = Files.readAllBytes(database);
		SqliteAgentStore.open(directory, "agent-1").close();
		Files.write(database, backup);
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("is of an old backup")
			.contains("set 'pacerelle.store.restored' to true for one start")
			.doesNotContain("s3cr3t");
	}

	@Test
	void anEncryptedStoreWithoutItsKeyIsAFailureWithTheProperty(@TempDir Path directory, CapturedOutput output) {
		EncryptionKey key = EncryptionKey.of(new byte[32]);
		SqliteAgentStore.open(directory, "agent-1", EncryptionKeys.of(key, List.of())).close();
		for (String current : List.of("", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYzE=")) {
			assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
					"--pacerelle.store.encryption-key=" + current);
		}
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("is encrypted, and there is no key. It needs the key with the id '" + key.id() + "'")
			.contains("'" + key.id() + "', which is not among the given ones")
			.contains("Set 'pacerelle.store.encryption-key'")
			.contains("'pacerelle.store.previous-encryption-keys'")
			.contains("Nothing was changed")
			.doesNotContain("c2VjcmV0");
	}

	@ParameterizedTest
	@CsvSource({ "encryption-key=5ecret, must be Base64 of 32 bytes",
			"encryption-key=*5ecret*, must be Base64 of 32 bytes", "previous-encryption-keys=5ecret, has none" })
	void anEncryptionKeyThatIsNoneIsNamedWithoutItsValue(String assignment, String expected, @TempDir Path directory,
			CapturedOutput output) {
		assertStartFails(CREDENTIALS[0], CREDENTIALS[1], "--pacerelle.store.root=" + directory,
				"--pacerelle.store." + assignment);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(expected)
			.contains("openssl rand -base64 32")
			.doesNotContain("5ecret");
	}

	@Test
	void aWrongHandlerIsAFailure(CapturedOutput output) {
		SpringApplication application = application(TwoHandlersApplication.class);
		application.addInitializers((GenericApplicationContext context) -> context.registerBean(StubClient.class,
				StubClient::thatConnects));
		assertThatException().isThrownBy(application::run);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("could both get the same message")
			.contains("TwoHandlersApplication.first()")
			.contains("TwoHandlersApplication.second()")
			.contains("each message has one handler");
	}

	@Test
	void aMethodThatCannotBeGuardedIsAFailure(CapturedOutput output) {
		SpringApplication application = application(NotGuardedApplication.class);
		application.addInitializers((GenericApplicationContext context) -> context.registerBean(StubClient.class,
				StubClient::thatConnects));
		assertThatException().isThrownBy(application::run);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("NotGuardedApplication.delete' is private, static or final")
			.contains("NotGuardedApplication.read' has a 'resource' with #pth, but no such parameter")
			.contains("name their parameters in the expressions");
	}

	private static void assertStartFails(String... args) {
		assertThatException().isThrownBy(() -> application(Application.class).run(args));
	}

	private static SpringApplication application(Class<?> source) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoHandlersApplication {

		@PacerelleHandler
		void first() {
		}

		@PacerelleHandler
		void second() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NotGuardedApplication {

		@RequiresPermission(action = "file.delete", resource = "#{#path}")
		final void delete(String path) {
		}

		@RequiresPermission(action = "file.read", resource = "#{#pth}")
		void read(String path) {
		}

	}

}
