package com.pacerelle.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.Commits;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Echoes of an agent whose store is in SQLite and of one whose store is in PostgreSQL, in
 * turns. People, relay, agent and database share the machine.
 */
public final class StoreEchoes {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final int WARM_UP = 4000;

	private static final int TURNS = 5;

	private static final int PER_TURN = 4000;

	private StoreEchoes() {
	}

	/**
	 * Prints a table.
	 * @param arguments how many echoes warm up, and how many each turn has
	 * @throws IOException if there is no room for the stores
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void main(String... arguments) throws IOException, InterruptedException {
		int warmUp = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : WARM_UP;
		int perTurn = (arguments.length > 1) ? Integer.parseInt(arguments[1]) : PER_TURN;
		Path root = Files.createTempDirectory("store-echoes");
		// What is committed has to be on the disk here too: for tests, that is switched
		// off.
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
				HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(postgres.getPostgresDatabase());
			try (Echoes sqlite = new Echoes("SQLite", (agentId) -> SqliteAgentStore.open(root, agentId));
					Echoes postgresql = new Echoes("PostgreSQL",
							(agentId) -> new PostgresStores(pool).open(agentId, null))) {
				System.out.println("| store | in flight | echoes per second | commits per echo |");
				System.out.println("|---|---|---|---|");
				for (int inFlight : new int[] { 32, 1 }) {
					int echoes = (inFlight > 1) ? perTurn : perTurn / 4;
					for (Echoes store : List.of(sqlite, postgresql)) {
						store.exchange((inFlight > 1) ? warmUp : echoes, inFlight);
					}
					for (int turn = 0; turn < TURNS; turn++) {
						for (Echoes store : List.of(sqlite, postgresql)) {
							store.measure(echoes, inFlight);
						}
					}
					System.out.println(sqlite.row(inFlight));
					System.out.println(postgresql.row(inFlight));
				}
			}
		}
		finally {
			try (Stream<Path> files = Files.walk(root)) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(file);
				}
			}
		}
	}

	/**
	 * Opens the store of an agent.
	 */
	private interface Opener {

		AgentStore open(String agentId);

	}

	/**
	 * An agent with its relay and people.
	 */
	private static final class Echoes implements AutoCloseable {

		private final String name;

		private final DevRelay relay = DevRelay.start();

		private final AgentStore store;

		private final AgentGatewayClient client;

		private final List<Person> people;

		private final AtomicInteger unsent = new AtomicInteger();

		private final List<Double> rates = new ArrayList<>();

		private final List<Double> commits = new ArrayList<>();

		private volatile CountDownLatch unanswered = new CountDownLatch(0);

		Echoes(String name, Opener opener) {
			this.name = name;
			this.store = opener.open(this.relay.agentId());
			this.client = new DefaultAgentGatewayClient(
					AgentGatewaySettings.builder(this.relay.agentId(), this.relay.token())
						.connection((connection) -> connection.baseUrl(this.relay.baseUrl()))
						.build(),
					this.store, (message, conversation) -> Mono.just(new Reply(message.text())));
			this.client.start();
			this.client.connected().block(PATIENCE);
			this.people = IntStream.range(0, 32)
				.mapToObj((i) -> this.relay.person("person-" + i, "conversation-" + i, "phone"))
				.toList();
			this.people.forEach((person) -> person.received()
				.publishOn(Schedulers.boundedElastic())
				.subscribe((echo) -> answered(person)));
		}

		private void answered(Person person) {
			this.unanswered.countDown();
			send(person);
		}

		private void send(Person person) {
			if (this.unsent.getAndDecrement() > 0) {
				person.send("0123456789012345678901234567890123456789");
			}
		}

		void exchange(int echoes, int inFlight) throws InterruptedException {
			CountDownLatch unanswered = new CountDownLatch(echoes);
			this.unanswered = unanswered;
			this.unsent.set(echoes);
			this.people.subList(0, inFlight).forEach(this::send);
			if (!unanswered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException(unanswered.getCount() + " echoes are missing");
			}
		}

		void measure(int echoes, int inFlight) throws InterruptedException {
			long committed = Commits.of(this.store);
			long start = System.nanoTime();
			exchange(echoes, inFlight);
			this.rates.add(echoes * 1e9 / (System.nanoTime() - start));
			this.commits.add((double) (Commits.of(this.store) - committed) / echoes);
		}

		String row(int inFlight) {
			String row = "| %s | %d | %.0f to %.0f | %.2f to %.2f |".formatted(this.name, inFlight, min(this.rates),
					max(this.rates), min(this.commits), max(this.commits));
			this.rates.clear();
			this.commits.clear();
			return row;
		}

		private static double min(List<Double> values) {
			return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
		}

		private static double max(List<Double> values) {
			return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
		}

		@Override
		public void close() {
			this.client.stop(PATIENCE).block();
			this.store.close();
			this.relay.close();
		}

	}

}
