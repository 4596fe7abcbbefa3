package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.pacerelle.client.store.KnownInstallation;
import com.pacerelle.client.store.SharedInstallations;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.spring.connect.InstallingRelay;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Installed agents on three instances of an application, each in a process of its own.
 * {@code -Dfleet.agents=300} sets how many agents.
 */
@Tag("process")
class FleetTests {

	private static final int AGENTS = Integer.getInteger("fleet.agents", 30);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Pattern INSTANCE = Pattern.compile("Instance '(\\S+)' shares");

	private static final String WHERE = """
			SELECT instance, count(*) FROM pacerelle.leases JOIN pg_locks
				ON locktype = 'advisory' AND classid = 1346454341 AND objid = number AND granted
			GROUP BY instance""";

	private final InstallingRelay relay = new InstallingRelay();

	private final List<Process> processes = new ArrayList<>();

	private final List<String> agents = IntStream.range(0, AGENTS).mapToObj((i) -> "agent-" + i).toList();

	@TempDir
	Path directory;

	private EmbeddedPostgres postgres;

	private SharedInstallations installations;

	@BeforeEach
	void install() throws IOException {
		this.postgres = EmbeddedPostgres.start();
		this.installations = new PostgresStores(this.postgres.getPostgresDatabase()).installations("client-1", null);
		this.agents.forEach((agent) -> this.installations
			.save(new KnownInstallation(agent, "owner-" + agent, "c-" + agent, "inst4ll-" + agent)));
	}

	@AfterEach
	void stop() throws IOException {
		this.processes.forEach(Process::destroyForcibly);
		this.relay.close();
		this.postgres.close();
	}

	@Test
	void theAgentsOfADeadInstanceAreServedByOthersAndComeBackEvenly() throws Exception {
		long begun = System.nanoTime();
		Process first = start();
		start();
		start();
		String dead = instance(0);
		await(PATIENCE).untilAsserted(() -> assertEven(3));
		awaitConnected();
		report("3 instances serve %d agents after %d ms: %s", AGENTS, millisSince(begun), counts());
		awaitReplies("begin");

		long killed = System.nanoTime();
		first.destroyForcibly().waitFor();
		await(PATIENCE).untilAsserted(() -> assertThat(counts()).doesNotContainKey(dead).hasSize(2));
		await(PATIENCE).untilAsserted(() -> assertThat(sum(counts())).isEqualTo(AGENTS));
		awaitConnected();
		long served = millisSince(killed);
		awaitReplies("killed");
		report("1 of 3 killed: all %d agents connected elsewhere after %d ms, all answer after %d ms: %s", AGENTS,
				served, millisSince(killed), counts());

		long again = System.nanoTime();
		start();
		await(PATIENCE).untilAsserted(() -> assertEven(3));
		awaitConnected();
		report("a third instance is there again: even after %d ms: %s", millisSince(again), counts());
		awaitReplies("again");
		for (int i = 0; i < this.processes.size(); i++) {
			report("instance %d: %s", i, lastLine(i));
		}
		assertThat(served).as("served elsewhere").isLessThan(30_000);
	}

	private Process start() throws IOException {
		Path output = output(this.processes.size());
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-Xmx256m", "-XX:TieredStopAtLevel=1",
				FleetInstance.class.getName(), "--fleet.database=" + this.postgres.getJdbcUrl("postgres", "postgres"),
				"--pacerelle.store.type=jdbc", "--pacerelle.e2ee=false", "--pacerelle.base-url=" + this.relay.address(),
				"--pacerelle.connect.client-id=client-1", "--pacerelle.connect.connect-key=c0nnect-key",
				"--pacerelle.connect.redirect-uri=https://example.com/installed", "--pacerelle.connect.agent-name=Echo",
				"--pacerelle.store.root=" + this.directory)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		this.processes.add(process);
		return process;
	}

	private Path output(int index) {
		return this.directory.resolve("instance-" + index + ".log");
	}

	private String instance(int index) {
		Matcher matcher = await(PATIENCE).until(() -> INSTANCE.matcher(Files.readString(output(index))), Matcher::find);
		return matcher.group(1);
	}

	private String lastLine(int index) throws IOException {
		List<String> lines = Files.readAllLines(output(index));
		return lines.stream().filter((line) -> line.startsWith("agents ")).reduce("", (before, line) -> line);
	}

	private void awaitConnected() {
		await(PATIENCE).untilAsserted(() -> assertThat(this.agents).allMatch(this.relay::isConnected));
	}

	private void awaitReplies(String round) {
		this.agents.forEach((agent) -> this.relay.send(agent, round + "-" + agent, round));
		await(PATIENCE).untilAsserted(() -> assertThat(this.agents).allSatisfy(
				(agent) -> assertThat(this.relay.replies(round + "-" + agent)).containsExactly("Received: " + round)));
	}

	private void assertEven(int instances) throws SQLException {
		Map<String, Integer> counts = counts();
		assertThat(counts).hasSize(instances);
		assertThat(sum(counts)).isEqualTo(AGENTS);
		assertThat(Collections.max(counts.values()) - Collections.min(counts.values())).isLessThanOrEqualTo(2);
	}

	private static int sum(Map<String, Integer> counts) {
		return counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	private Map<String, Integer> counts() throws SQLException {
		Map<String, Integer> counts = new HashMap<>();
		try (Connection connection = this.postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(WHERE)) {
			while (row.next()) {
				counts.put(row.getString(1), row.getInt(2));
			}
		}
		return counts;
	}

	private static ConditionFactory await(Duration patience) {
		return Awaitility.await().atMost(patience);
	}

	private static long millisSince(long nanoTime) {
		return (System.nanoTime() - nanoTime) / 1_000_000;
	}

	private static void report(String format, Object... arguments) {
		System.out.println("FLEET " + format.formatted(arguments));
	}

}
