package com.pacerelle.client.encryption;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.GroupKeyRejected;
import com.pacerelle.client.GatewayEvent.GroupKeysLimited;
import com.pacerelle.client.NewDevicePolicy;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.EcKeyPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.HttpResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which of the keys that members offer are opened, and when (gateway.md section 11).
 */
class GroupKeysTests {

	private static final SecureRandom RANDOM = new SecureRandom();

	private final Events events = new Events();

	private final List<GatewayEvent> published = new CopyOnWriteArrayList<>();

	private final MovableClock clock = new MovableClock();

	private AgentStore store;

	private GroupKeys keys;

	@BeforeEach
	void open(@TempDir Path root) {
		this.store = SqliteAgentStore.open(root, "agent-1");
		AgentGatewaySettings settings = AgentGatewaySettings.builder("agent-1", "token")
			.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:1")))
			.build();
		this.keys = new GroupKeys(
				new RelayHttpClient(settings.connection(), new AgentToken("token"), HttpResources.get()), this.store,
				this.events, this.clock);
		this.events.asFlux().subscribe(this.published::add);
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void eachMemberHasAShareOfWhatIsOpenedAtOnce() {
		List<GroupKeyEnvelope> envelopes = new ArrayList<>();
		IntStream.range(0, 10_000).forEach((i) -> envelopes.add(envelope("mallory", 1_000_000 + i)));
		envelopes.add(envelope("alice", 1));
		envelopes.add(envelope("alice", 2));
		List<GroupKeyEnvelope> selected = this.keys.select("c-1", envelopes);
		assertThat(selected).hasSize(GroupKeys.MAX_ENVELOPES_OF_MEMBER + 2)
			.extracting((envelope) -> envelope.id().epoch())
			.startsWith(1_009_999L, 1_009_998L)
			.endsWith(1_009_980L, 2L, 1L);
		this.keys.select("c-1", envelopes);
		await().until(() -> !this.published.isEmpty());
		assertThat(this.published)
			.containsExactly(new GroupKeysLimited("c-1", "mallory", GroupKeysLimited.Reason.TOO_MANY));
	}

	@Test
	void manyMembersTakeTurns() {
		List<GroupKeyEnvelope> envelopes = new ArrayList<>();
		for (int member = 0; member < 150; member++) {
			for (int epoch = 1; epoch <= 10; epoch++) {
				envelopes.add(envelope("member-" + member, member * 100 + epoch));
			}
		}
		List<GroupKeyEnvelope> selected = this.keys.select("c-1", envelopes);
		assertThat(selected).hasSize(GroupKeys.MAX_ENVELOPES);
		assertThat(selected.stream().map(GroupKeyEnvelope::senderId).distinct()).hasSize(150);
	}

	@Test
	void envelopeThatCannotBeOpenedIsLeftAloneForAWhile() {
		List<GroupKeyEnvelope> envelopes = IntStream.range(0, 30)
			.mapToObj((i) -> envelope("mallory", 100 + i))
			.toList();
		List<GroupKeyEnvelope> first = this.keys.select("c-1", envelopes);
		assertThat(first).hasSize(20);
		assertThat(this.keys.open(first, sessions())).isEmpty();
		List<GroupKeyEnvelope> second = this.keys.select("c-1", envelopes);
		assertThat(second).hasSize(10).doesNotContainAnyElementsOf(first);
		assertThat(this.keys.open(second, sessions())).isEmpty();
		assertThat(this.keys.select("c-1", envelopes)).isEmpty();
		this.clock.move(GroupKeys.RETRY_AFTER);
		assertThat(this.keys.select("c-1", envelopes)).isEqualTo(first);
		assertThat(this.keys.open(first, sessions())).isEmpty();
		await().until(() -> events(GroupKeyRejected.class) == 30);
	}

	@Test
	void sameEnvelopeUnderAnotherNameIsAnotherOne() {
		GroupKeyEnvelope envelope = envelope("mallory", 7);
		this.keys.open(List.of(envelope), sessions());
		GroupKeyEnvelope right = new GroupKeyEnvelope(envelope.id(), "alice", "phone", envelope.payload());
		assertThat(this.keys.select("c-1", List.of(envelope, right))).containsExactly(right);
	}

	@Test
	void envelopeOfADeviceThatWaitsIsOpenedWhenItIsTrusted() {
		EcKeyPair identity = EcKeyPair.generate(RANDOM);
		this.store.commitAndWait(List.of(new Change.IdentityKnown(new KnownIdentity("alice", "phone", "c-1",
				identity.publicKey(), this.clock.instant(), KnownIdentity.State.WAITING))));
		List<GroupKeyEnvelope> envelopes = List.of(envelope("alice", 1));
		assertThat(this.keys.open(envelopes, sessions())).isEmpty();
		assertThat(this.keys.select("c-1", envelopes)).isEqualTo(envelopes);
		assertThat(this.published).isEmpty();
	}

	@Test
	void keysThatTheStoreWouldDeleteAtOnceAreNotOpened() {
		for (int i = 0; i < AgentStore.MAX_GROUP_KEYS; i++) {
			this.store
				.commitAndWait(List.of(new Change.GroupKeyReceived(new GroupKey("c-1", "k", 1000 + i, new byte[32]),
						"mallory", this.clock.instant())));
		}
		GroupKeyEnvelope higher = envelope("mallory", 2000);
		GroupKeyEnvelope other = envelope("alice", 1);
		assertThat(this.keys.select("c-1", List.of(envelope("mallory", 999), other, higher))).containsExactly(higher,
				other);
	}

	private long events(Class<? extends GatewayEvent> type) {
		return this.published.stream().filter(type::isInstance).count();
	}

	private PeerSessions sessions() {
		Identities identities = new Identities(NewDevicePolicy.NOTIFY, this.store, this.events, () -> {
		}, this.clock);
		return new PeerSessions(this.store, identities, new FailureBudget(this.clock), this.events, RANDOM, this.clock);
	}

	private static GroupKeyEnvelope envelope(String member, long epoch) {
		byte[] payload = new byte[32];
		RANDOM.nextBytes(payload);
		return new GroupKeyEnvelope(new GroupKeyId("c-1", "k-" + epoch, epoch), member, "phone", payload);
	}

}
