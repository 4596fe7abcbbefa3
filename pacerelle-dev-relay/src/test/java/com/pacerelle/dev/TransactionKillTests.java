package com.pacerelle.dev;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code kill -9} while a transactional handler fails at random: each message has one
 * row, one reply and one message to somebody else.
 */
@Tag("process")
class TransactionKillTests {

	private static final int KILLS = Integer.getInteger("transactions.kills", 3);

	private static final int MESSAGES_PER_KILL = 40;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@AutoClose
	private final EmbeddedPostgres postgres = EmbeddedPostgres.start();

	private final String url = this.postgres.getJdbcUrl("postgres", "postgres");

	@AutoClose
	private final HikariDataSource pool = TransactionalAgent.pool(this.url);

	@AutoClose
	private final DevRelay relay = DevRelay.start();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.pool);

	private final Person auditor = this.relay.person("auditor", "c-auditor", "phone");

	private final List<Person> people = new ArrayList<>();

	private Process process;

	TransactionKillTests() throws IOException {
	}

	@AfterEach
	void kill() {
		this.process.destroyForcibly();
	}

	@Test
	void rowsRepliesAndAcceptedMessagesAreTheSame() throws Exception {
		long seed = Long.getLong("transactions.seed", new Random().nextLong());
		Random random = new Random(seed);
		this.jdbc.execute(RandomlyFailingAgent.TABLES);
		start(random.nextLong());
		await().atMost(PATIENCE).until(() -> this.auditor.verificationCode() != null);
		this.auditor.send("/audit");
		await().atMost(PATIENCE).until(() -> texts(this.auditor).size() == 1);
		for (int i = 0; i < 4; i++) {
			this.people.add(this.relay.person("person-" + i, "c-" + i, "phone"));
		}
		List<String> sent = new ArrayList<>();
		for (int kill = 0; kill < KILLS; kill++) {
			int replies = replies();
			for (int i = 0; i < MESSAGES_PER_KILL; i++) {
				String text = "order " + sent.size();
				this.people.get(random.nextInt(this.people.size())).send(text);
				sent.add(text);
			}
			int some = replies + random.nextInt(MESSAGES_PER_KILL / 2);
			await().alias("seed " + seed).atMost(PATIENCE).until(() -> replies() >= some);
			this.process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
			start(random.nextLong());
		}
		await().alias("seed " + seed).atMost(PATIENCE).until(() -> this.relay.unacknowledged().isEmpty());
		await().alias("seed " + seed).atMost(PATIENCE).until(() -> replies() >= sent.size());
		await().alias("seed " + seed).atMost(PATIENCE).until(() -> texts(this.auditor).size() > sent.size());
		List<String> replied = this.people.stream().flatMap((person) -> texts(person).stream()).toList();
		assertThat(this.jdbc.queryForList("SELECT message FROM orders", String.class)).as("seed %d", seed)
			.containsExactlyInAnyOrderElementsOf(sent);
		assertThat(replied).as("seed %d", seed)
			.containsExactlyInAnyOrderElementsOf(sent.stream().map("Ordered "::concat).toList());
		assertThat(texts(this.auditor).subList(1, sent.size() + 1)).as("seed %d", seed)
			.containsExactlyInAnyOrderElementsOf(sent);
		assertThat(this.relay.violations()).as("seed %d", seed).isEmpty();
	}

	private int replies() {
		return this.people.stream().mapToInt((person) -> texts(person).size()).sum();
	}

	private static List<String> texts(Person person) {
		return person.received().map(ReceivedMessage::text).take(Duration.ofMillis(20)).collectList().block();
	}

	private void start(long seed) throws IOException {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
				RandomlyFailingAgent.class.getName(), this.relay.baseUrl().toString(), this.relay.agentId(),
				this.relay.token(), this.url, String.valueOf(seed))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/transactional-agent.log")))
			.start();
	}

}
