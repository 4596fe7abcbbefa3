package com.pacerelle.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;
import com.sun.management.OperatingSystemMXBean;
import org.jspecify.annotations.Nullable;

/**
 * What the store does for an echo, with a key and without, in turns: two sessions are
 * read and replaced, a message comes and is accepted, a frame is stored and delivered.
 */
public final class SealedStore {

	private static final int IN_FLIGHT = 32;

	private static final int SESSION_LENGTH = 4000;

	private static final int MESSAGES = 200;

	private static final int TURNS = 21;

	private static final byte[] DIGEST = new byte[32];

	private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final AgentStore store;

	private final SplittableRandom random = new SplittableRandom();

	private long sequence;

	private SealedStore(Path root, @Nullable EncryptionKeys keys) {
		this.store = SqliteAgentStore.open(root, "agent", keys);
	}

	/**
	 * Prints a table.
	 * @param arguments none
	 * @throws IOException if there is no room for the stores
	 */
	public static void main(String... arguments) throws IOException {
		Path root = Files.createTempDirectory("sealed-store");
		SealedStore plain = new SealedStore(root.resolve("plain"), null);
		SealedStore sealed = new SealedStore(root.resolve("sealed"),
				EncryptionKeys.of(EncryptionKey.of(new byte[32]), List.of()));
		Cost[] ofPlain = new Cost[TURNS];
		Cost[] ofSealed = new Cost[TURNS];
		for (int turn = -TURNS; turn < TURNS; turn++) {
			Cost first = plain.turn();
			Cost second = sealed.turn();
			if (turn >= 0) {
				ofPlain[turn] = first;
				ofSealed[turn] = second;
			}
		}
		System.out.println("| store | CPU, µs per echo | bytes written per echo |");
		System.out.println("|---|---|---|");
		System.out.println("| plain | " + Cost.median(ofPlain) + " |");
		System.out.println("| sealed | " + Cost.median(ofSealed) + " |");
		plain.store.close();
		sealed.store.close();
		try (Stream<Path> files = Files.walk(root)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

	private Cost turn() throws IOException {
		long cpu = PROCESS.getProcessCpuTime();
		long written = written();
		for (int i = 0; i < MESSAGES; i++) {
			long first = this.sequence + 1;
			this.sequence += IN_FLIGHT;
			all(IntStream.range(0, IN_FLIGHT).mapToObj((peer) -> receive(peer, first + peer)));
			all(IntStream.range(0, IN_FLIGHT).mapToObj((peer) -> answer(peer, first + peer)));
			this.store.commitAsync(List.of(new Change.FramesDelivered(
					IntStream.range(0, IN_FLIGHT).mapToObj((peer) -> first + peer).toList())));
		}
		int echoes = MESSAGES * IN_FLIGHT;
		return new Cost((PROCESS.getProcessCpuTime() - cpu) / 1000.0 / echoes, (double) (written() - written) / echoes);
	}

	private static void all(Stream<CompletableFuture<?>> commits) {
		CompletableFuture.allOf(commits.toArray(CompletableFuture<?>[]::new)).join();
	}

	private CompletableFuture<?> receive(int peer, long message) {
		return this.store.commitAsync(List.of(moved(peer), new Change.MessagePending(id(message), DIGEST,
				"{\"text\":\"" + "x".repeat(40) + "\"}", new ReplyContext("ann", "c" + peer, "phone"), Instant.now())));
	}

	private CompletableFuture<?> answer(int peer, long frame) {
		return this.store.commitAsync(List.of(moved(peer), new Change.MessageAccepted(id(frame), Instant.now()),
				new Change.FrameQueued(new OutboundFrame(frame, "{\"data\":\"" + "x".repeat(600) + "\"}"))));
	}

	private static String id(long message) {
		return "00000000-0000-0000-0000-%012d".formatted(message);
	}

	private Change moved(int peer) {
		StoredSession stored = this.store.session(peer(peer));
		byte[] session = new byte[SESSION_LENGTH];
		this.random.nextBytes(session);
		return new Change.Session(
				new StoreChange.SessionUpdated(peer(peer), (stored != null) ? stored.version() : 0, session));
	}

	private static ProtocolAddress peer(int number) {
		return ProtocolAddress.of("human:ann:c" + number);
	}

	/** What the process has given to the system to write. */
	private static long written() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/io"))
			.stream()
			.filter((line) -> line.startsWith("wchar: "))
			.mapToLong((line) -> Long.parseLong(line.substring("wchar: ".length())))
			.sum();
	}

	private record Cost(double cpu, double bytes) {

		static String median(Cost[] costs) {
			return "%.0f | %.0f".formatted(
					Arrays.stream(costs)
						.mapToDouble(Cost::cpu)
						.sorted()
						.skip(costs.length / 2)
						.findFirst()
						.orElseThrow(),
					Arrays.stream(costs)
						.mapToDouble(Cost::bytes)
						.sorted()
						.skip(costs.length / 2)
						.findFirst()
						.orElseThrow());
		}

	}

}
