package com.pacerelle.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an agent costs where there are many in one JVM: memory, threads, files, time to
 * start, commits of an echo. The relay is a process of its own, {@link ManyPeople}.
 */
public final class ManyAgents {

	private static final int ROUNDS = 5;

	private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final AtomicLong commits = new AtomicLong();

	private final URI relay;

	private ManyAgents(URI relay) {
		this.relay = relay;
	}

	/**
	 * Prints a table.
	 * @param arguments {@code sqlite} or {@code postgres}, and how many agents
	 * @throws Exception if something is missing
	 */
	public static void main(String... arguments) throws Exception {
		int agents = Integer.parseInt(arguments[1]);
		Path root = Files.createTempDirectory("many-agents");
		Process people = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ManyPeople.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = people.inputReader()) {
			ManyAgents run = new ManyAgents(URI.create("http://127.0.0.1:" + output.readLine()));
			if (arguments[0].equals("postgres")) {
				try (EmbeddedPostgres server = EmbeddedPostgres.start();
						HikariDataSource pool = new HikariDataSource(configuration(server))) {
					PostgresStores stores = new PostgresStores(pool);
					run.measure(agents, (agentId) -> stores.open(agentId, null), pool);
				}
			}
			else {
				run.measure(agents, (agentId) -> SqliteAgentStore.open(root, agentId), null);
			}
		}
		finally {
			people.destroy();
		}
		System.exit(0);
	}

	private static HikariConfig configuration(EmbeddedPostgres server) {
		HikariConfig configuration = new HikariConfig();
		configuration.setDataSource(server.getPostgresDatabase());
		return configuration;
	}

	private void measure(int agents, Function<String, AgentStore> stores, @Nullable HikariDataSource pool)
			throws Exception {
		// What the first one costs is the JVM's.
		List<AgentGatewayClient> clients = new ArrayList<>(List.of(start("agent-0", stores)));
		await(1);
		get("/echo");
		Snapshot before = Snapshot.take(pool);
		long opening = System.nanoTime();
		List<Long> opened = new ArrayList<>();
		for (int agent = 1; agent <= agents; agent++) {
			long begin = System.nanoTime();
			clients.add(start("agent-" + agent, stores));
			opened.add(System.nanoTime() - begin);
		}
		await(agents + 1);
		Duration connected = Duration.ofNanos(System.nanoTime() - opening);
		Snapshot idle = Snapshot.take(pool);
		get("/echo");
		Snapshot talked = Snapshot.take(pool);
		this.commits.set(0);
		long begin = System.nanoTime();
		for (int round = 0; round < ROUNDS; round++) {
			get("/echo");
		}
		Duration echoes = Duration.ofNanos(System.nanoTime() - begin);
		long echoed = (long) ROUNDS * (agents + 1);
		// Deliveries are recorded a little later.
		Thread.sleep(1000);
		Snapshot after = Snapshot.take(pool);
		opened.sort(null);
		System.out.printf("%d agents, %d processors%n", agents, Runtime.getRuntime().availableProcessors());
		System.out.printf(
				"start: %.1f ms of CPU an agent, opened within %.1f ms (median), all connected after %.1f s%n",
				(idle.cpu - before.cpu) / 1e6 / agents, opened.get(opened.size() / 2) / 1e6,
				connected.toMillis() / 1e3);
		System.out.printf("heap: %.0f KB an agent that is idle, %.0f KB one that has talked%n",
				(idle.heap - before.heap) / 1024.0 / agents, (talked.heap - before.heap) / 1024.0 / agents);
		System.out.printf("RSS: %.0f KB an agent that is idle, %.0f KB one that has talked, %d MB in all%n",
				(idle.rss - before.rss) / (double) agents, (after.rss - before.rss) / (double) agents,
				after.rss / 1024);
		System.out.printf("threads: %.2f an agent, %d in all%n", (after.threads - before.threads) / (double) agents,
				after.threads);
		System.out.printf("open files: %.2f an agent%n", (after.files - before.files) / (double) agents);
		System.out.printf("echoes: %d in %.1f s, %.0f a second, %.2f ms of CPU each%n", echoed, echoes.toMillis() / 1e3,
				echoed * 1e9 / echoes.toNanos(), (after.cpu - talked.cpu) / 1e6 / echoed);
		System.out.printf("units of work of an echo that are committed: %.2f%n", this.commits.get() / (double) echoed);
		if (pool != null) {
			System.out.printf("transactions of an echo: %.2f%n",
					(after.transactions - talked.transactions) / (double) echoed);
			System.out.printf("connections to PostgreSQL: %d%n", after.connections);
		}
		this.commits.set(0);
		Snapshot resting = Snapshot.take(pool);
		Thread.sleep(10_000);
		Snapshot rested = Snapshot.take(pool);
		System.out.printf("idle: %.2f%% of one processor for all, %d commits%n", (rested.cpu - resting.cpu) / 1e8,
				this.commits.get());
	}

	private AgentGatewayClient start(String agentId, Function<String, AgentStore> stores) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new CommitCounter(this.commits));
		AgentGatewaySettings settings = AgentGatewaySettings.builder(agentId, agentId)
			.connection((connection) -> connection.baseUrl(this.relay))
			.observationRegistry(registry)
			.build();
		AgentGatewayClient client = new DefaultAgentGatewayClient(settings, stores.apply(agentId),
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text())));
		client.start();
		return client;
	}

	private void await(int agents) throws IOException, InterruptedException {
		while (Integer.parseInt(get("/connected")) < agents) {
			Thread.sleep(20);
		}
	}

	private String get(String path) throws IOException, InterruptedException {
		return HTTP.send(HttpRequest.newBuilder(this.relay.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	/**
	 * Counts units of work that are committed.
	 *
	 * @param count the count
	 */
	private record CommitCounter(AtomicLong count) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			if ("pacerelle.commit".equals(context.getName())) {
				this.count.incrementAndGet();
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	/**
	 * What the process uses.
	 *
	 * @param heap bytes that are reachable
	 * @param rss KB of memory
	 * @param threads its threads
	 * @param files its open files
	 * @param cpu its CPU time in ns
	 * @param transactions of the stores in PostgreSQL
	 * @param connections of the pool
	 */
	private record Snapshot(long heap, long rss, int threads, long files, long cpu, long transactions,
			int connections) {

		static Snapshot take(@Nullable HikariDataSource pool) throws IOException, SQLException {
			long cpu = PROCESS.getProcessCpuTime();
			System.gc();
			long transactions = 0;
			if (pool != null) {
				try (Connection connection = pool.getConnection();
						Statement statement = connection.createStatement();
						ResultSet row = statement.executeQuery("SELECT sum(commits) FROM pacerelle.leases")) {
					row.next();
					transactions = row.getLong(1);
				}
			}
			try (Stream<String> status = Files.lines(Path.of("/proc/self/status"));
					Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
				long rss = status.filter((line) -> line.startsWith("VmRSS"))
					.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
					.sum();
				return new Snapshot(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), rss,
						ManagementFactory.getThreadMXBean().getThreadCount(), files.count(), cpu, transactions,
						(pool != null) ? pool.getHikariPoolMXBean().getTotalConnections() : 0);
			}
		}

	}

}
