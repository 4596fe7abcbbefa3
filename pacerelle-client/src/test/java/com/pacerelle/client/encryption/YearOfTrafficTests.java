package com.pacerelle.client.encryption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.IssuedWidget.Answering;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A year of traffic, day by day, with a restart each month: the store takes the room of
 * what the last sixty days have left, and no more. With {@code -Dmessages-per-day=1000}
 * the figures of docs/faults.md.
 */
class YearOfTrafficTests {

	private static final int MESSAGES = Integer.getInteger("messages-per-day", 100);

	private static final int PEOPLE = 20;

	private static final int MONTHS = 12;

	private static final int DAYS = 30;

	private static final int SESSION_LENGTH = 4000;

	@TempDir
	private Path root;

	private final SecureRandom secureRandom = new SecureRandom();

	private final Random random = new Random(1);

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private long nanos;

	private int nextId = 1;

	private long sequence;

	@Test
	void storeDoesNotGrowAfterTheSixtyDaysOfItsRetention() throws IOException {
		List<Long> sizes = new ArrayList<>();
		for (int month = 0; month < MONTHS; month++) {
			try (AgentStore store = SqliteAgentStore.open(this.root, "agent")) {
				month(store);
			}
			sizes.add(Files.size(this.root.resolve("agent").resolve("agent.db")));
		}
		System.out.println("Bytes of the store after each month of " + DAYS * MESSAGES + " messages: " + sizes);
		assertThat(sizes.get(MONTHS - 1)).isLessThan(sizes.get(2) * 11 / 10);
	}

	private void month(AgentStore store) {
		InstantSource clock = () -> this.now;
		Retention retention = new Retention(AgentGatewaySettings.builder("agent-1", "token").build().handling(), store,
				clock.withZone(ZoneOffset.UTC), () -> this.nanos);
		for (int day = 0; day < DAYS; day++) {
			if (this.nextId % 7 == 1) {
				store.commitAndWait(List.of(newPreKeys(store)));
			}
			store.commitAndWait(IntStream.range(0, PEOPLE).mapToObj((person) -> session(store, person)).toList());
			store.commitAndWait(oneDay());
			for (int quarter = 0; quarter < 4; quarter++) {
				Duration hours = Duration.ofHours(6);
				this.now = this.now.plus(hours);
				this.nanos += hours.toNanos();
				retention.deleteSome();
			}
			this.nextId++;
		}
	}

	private Change newPreKeys(AgentStore store) {
		EcKeyPair identity = store.identityKeyPair();
		return new Change.PreKeysCreated(SignedPreKey.generate(this.nextId, identity, this.secureRandom),
				KyberPreKey.generate(this.nextId, identity, this.secureRandom), List.of(), this.now);
	}

	private Change session(AgentStore store, int person) {
		ProtocolAddress peer = ProtocolAddress.of("human:person-" + person + ":c-" + person);
		StoredSession stored = store.session(peer);
		byte[] session = new byte[SESSION_LENGTH];
		this.random.nextBytes(session);
		return new Change.Session(
				new StoreChange.SessionUpdated(peer, (stored != null) ? stored.version() : 0, session));
	}

	/** Messages and their replies, and of each prekey, base key and widget one. */
	private List<Change> oneDay() {
		List<Change> changes = new ArrayList<>();
		List<Long> delivered = new ArrayList<>();
		byte[] digest = new byte[32];
		for (int i = 0; i < MESSAGES; i++) {
			String id = new UUID(this.random.nextLong(), this.random.nextLong()).toString();
			this.random.nextBytes(digest);
			int person = this.random.nextInt(PEOPLE);
			changes.add(new Change.MessagePending(id, digest.clone(), "{\"text\":\"" + "x".repeat(200) + "\"}",
					new ReplyContext("person-" + person, "c-" + person, null), this.now));
			changes.add(new Change.MessageAccepted(id, this.now));
			changes.add(new Change.FrameQueued(new OutboundFrame(++this.sequence, "x".repeat(600))));
			delivered.add(this.sequence);
		}
		changes.add(new Change.FramesDelivered(delivered));
		changes.add(new Change.PreKeysCreated(null, null,
				List.of(OneTimePreKey.generate(this.nextId, this.secureRandom)), this.now));
		changes.add(new Change.Session(new StoreChange.BaseKeySeen(this.nextId / 7 * 7 + 1, this.nextId / 7 * 7 + 1,
				EcKeyPair.generate(this.secureRandom).publicKey())));
		changes.add(new Change.WidgetIssued(new IssuedWidget("c-1", "widget-" + this.nextId, "person-1", "person-1",
				null, this.now, null, Answering.ONCE, "{}", null, null)));
		return changes;
	}

}
