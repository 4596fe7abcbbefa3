package com.pacerelle.client.encryption;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.FragileStore;
import com.pacerelle.client.TestAgent;
import com.pacerelle.client.TestPerson;
import com.pacerelle.client.TestRelay;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.HttpStatusException;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.StoreChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * When prekeys are made, stored, published and forgotten (gateway.md sections 2.1, 11).
 */
class PreKeysTests {

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final MovableClock clock = new MovableClock();

	private FragileStore store;

	private PreKeys preKeys;

	@BeforeEach
	void open() {
		this.store = new FragileStore(SqliteAgentStore.open(this.root, "agent-1"));
		this.preKeys = preKeys(this.store);
	}

	@AfterEach
	void close() {
		this.store.close();
		this.relay.close();
	}

	@Test
	void bundleAndOneTimePreKeysHaveTheFormOfTheProtocol() {
		this.preKeys.refresh();
		JsonNode bundle = this.relay.bundles().get(0);
		assertThat(bundle.propertyNames()).containsExactlyInAnyOrder("registration_id", "device_id", "identity_key",
				"signed_prekey_id", "signed_prekey_public", "signed_prekey_signature", "kyber_prekey_id",
				"kyber_prekey_public", "kyber_prekey_signature", "protocol_features");
		assertThat(bundle.get("device_id").intValue()).isOne();
		assertThat(bundle.get("protocol_features").valueStream().map(JsonNode::stringValue))
			.containsExactly("history-v1");
		assertThat(length(bundle, "identity_key")).isEqualTo(33);
		assertThat(length(bundle, "signed_prekey_public")).isEqualTo(33);
		assertThat(length(bundle, "signed_prekey_signature")).isEqualTo(64);
		assertThat(length(bundle, "kyber_prekey_public")).isEqualTo(1569);
		assertThat(length(bundle, "kyber_prekey_signature")).isEqualTo(64);
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50)
			.allSatisfy((preKey) -> assertThat(length(preKey, "public_key")).isEqualTo(33))
			.extracting((preKey) -> preKey.get("prekey_id").intValue())
			.doesNotHaveDuplicates();
		assertThat(this.relay.requests()).containsExactly(
				"PUT /agent/prekey-bundle Bearer " + TestRelay.TOKEN + " pacerelle-spring-boot/dev",
				"POST /agent/one-time-prekeys Bearer " + TestRelay.TOKEN + " pacerelle-spring-boot/dev");
	}

	@Test
	void privateHalvesAreCommittedBeforeAnythingIsPublished() {
		List<Integer> storedAtPublication = new ArrayList<>();
		this.relay.onPublish(() -> storedAtPublication.add(this.store.oneTimePreKeyCount()));
		this.preKeys.refresh();
		assertThat(storedAtPublication).containsExactly(50, 50);
		assertThat(this.relay.publishedOneTimePreKeys()).allSatisfy(
				(preKey) -> assertThat(this.store.oneTimePreKey(preKey.get("prekey_id").intValue())).isNotNull());
	}

	@Test
	void nothingIsPublishedThatCouldNotBeStored() {
		this.store.fail((changes) -> changes.stream().anyMatch(Change.PreKeysCreated.class::isInstance));
		assertThatExceptionOfType(StoreException.class).isThrownBy(this.preKeys::refresh);
		assertThat(this.relay.requests()).isEmpty();
	}

	@Test
	void publicationThatFailedIsRepeatedWithTheSameKeys() {
		this.relay.answerHttpWith(500);
		assertThatExceptionOfType(HttpStatusException.class).isThrownBy(this.preKeys::refresh);
		this.relay.answerHttpWith(302);
		assertThatExceptionOfType(HttpStatusException.class).isThrownBy(this.preKeys::refresh);
		this.relay.bundles().clear();
		this.relay.answerHttpWith(201);
		this.preKeys.refresh();
		assertThat(this.relay.bundles()).hasSize(1);
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
		assertThat(this.store.oneTimePreKeyCount()).isEqualTo(50);
	}

	@Test
	void nextProcessPublishesTheSameBundleAndNoMoreOneTimePreKeys() {
		this.preKeys.refresh();
		preKeys(this.store).refresh();
		assertThat(this.relay.bundles()).hasSize(2);
		assertThat(this.relay.bundles().get(1)).isEqualTo(this.relay.bundles().get(0));
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
	}

	@Test
	void whatAProcessCommittedAndCouldNotPublishIsPublishedByTheNext() {
		this.relay.answerHttpWith(500);
		assertThatExceptionOfType(HttpStatusException.class).isThrownBy(this.preKeys::refresh);
		assertThat(this.preKeys.isBundlePublished()).isFalse();
		this.relay.bundles().clear();
		this.relay.answerHttpWith(200);
		PreKeys next = preKeys(this.store);
		next.refresh();
		assertThat(next.isBundlePublished()).isTrue();
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
		assertThat(this.store.oneTimePreKeyCount()).isEqualTo(50);
		next.refresh();
		preKeys(this.store).refresh();
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
	}

	@Test
	void agentConnectsWithoutNewPreKeysWhenTheRelayHasABundleAndPublishesThemLater() {
		this.preKeys.refresh();
		use(25);
		this.store.close();
		this.relay.answerHttpWith(503);
		try (TestAgent agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.empty())) {
			assertThat(agent.client().state()).isEqualTo(ConnectionState.CONNECTED);
			assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
			this.relay.answerHttpWith(200);
			await().until(() -> this.relay.publishedOneTimePreKeys().size() > 50);
			assertThat(this.relay.connections()).isOne();
		}
	}

	@Test
	void oneTimePreKeysAreReplacedWhenHalfAreUsed() {
		this.preKeys.refresh();
		use(24);
		this.preKeys.refresh();
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
		use(1);
		this.preKeys.refresh();
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(75);
		assertThat(this.store.oneTimePreKeyCount()).isEqualTo(50);
		assertThat(this.relay.bundles()).hasSize(1);
	}

	@Test
	void oneTimePreKeysAreReplacedWithoutAReconnect() {
		this.store.close();
		try (TestAgent agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.empty())) {
			for (int i = 0; i < 25; i++) {
				String id = new TestPerson(this.relay, "person-" + i, "c-1", null).startSession().write("hello");
				await().until(() -> this.relay.acknowledged().contains(id));
			}
			await().until(() -> this.relay.publishedOneTimePreKeys().size() == 75);
			assertThat(this.relay.connections()).isOne();
			assertThat(agent.client().state()).isEqualTo(ConnectionState.CONNECTED);
		}
	}

	@Test
	void signedAndKyberPreKeysAreReplacedAfterSevenDaysAndTheOldOnesKept() {
		this.preKeys.refresh();
		JsonNode first = this.relay.bundles().get(0);
		this.clock.move(Duration.ofDays(7));
		this.preKeys.refresh();
		assertThat(this.relay.bundles()).hasSize(1);
		this.clock.move(Duration.ofSeconds(1));
		this.preKeys.refresh();
		JsonNode second = this.relay.bundles().get(1);
		assertThat(second.get("identity_key")).isEqualTo(first.get("identity_key"));
		assertThat(second.get("signed_prekey_public")).isNotEqualTo(first.get("signed_prekey_public"));
		assertThat(second.get("kyber_prekey_public")).isNotEqualTo(first.get("kyber_prekey_public"));
		assertThat(this.store.signedPreKey(first.get("signed_prekey_id").intValue())).isNotNull();
		assertThat(this.store.kyberPreKey(first.get("kyber_prekey_id").intValue())).isNotNull();
	}

	@Test
	void oldAndUnusedPreKeysAreForgottenAfterSixtyDays() {
		this.preKeys.refresh();
		JsonNode first = this.relay.bundles().get(0);
		int oneTime = this.relay.publishedOneTimePreKeys().get(0).get("prekey_id").intValue();
		Retention retention = new Retention(AgentGatewaySettings.builder("agent-1", "token").build().handling(),
				this.store, this.clock, this.clock::nanos);
		for (int week = 0; week < 10; week++) {
			this.clock.move(Duration.ofDays(7).plusSeconds(1));
			this.preKeys.refresh();
			retention.deleteSome();
		}
		assertThat(this.store.signedPreKey(first.get("signed_prekey_id").intValue())).isNull();
		assertThat(this.store.kyberPreKey(first.get("kyber_prekey_id").intValue())).isNull();
		assertThat(this.store.oneTimePreKey(oneTime)).isNull();
		assertThat(this.store.oneTimePreKeyCount()).isBetween(50, 50 * 10);
	}

	private PreKeys preKeys(AgentStore store) {
		RelayHttpClient relay = new RelayHttpClient(this.relay.settings(this.root).build().connection(),
				new AgentToken(TestRelay.TOKEN), HttpResources.get());
		return new PreKeys(store, new PreKeyEndpoint(relay), new SecureRandom(), this.clock);
	}

	private void use(int count) {
		this.relay.publishedOneTimePreKeys()
			.stream()
			.map((preKey) -> preKey.get("prekey_id").intValue())
			.filter((id) -> this.store.oneTimePreKey(id) != null)
			.limit(count)
			.forEach((id) -> this.store.commit(List.of(new StoreChange.OneTimePreKeyUsed(id))));
	}

	private static int length(JsonNode node, String name) {
		return Base64.getDecoder().decode(node.get(name).stringValue()).length;
	}

}
