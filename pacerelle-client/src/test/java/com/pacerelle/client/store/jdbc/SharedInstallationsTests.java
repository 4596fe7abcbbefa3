package com.pacerelle.client.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.Distribution.Pin;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.KnownInstallation;
import com.pacerelle.client.store.SharedInstallations;
import com.pacerelle.client.store.SharedStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Installations that several processes share.
 */
class SharedInstallationsTests {

	private final String application = UUID.randomUUID().toString();

	private final String agent = UUID.randomUUID().toString();

	private final PostgresStores one = new PostgresStores(TestPostgres.dataSource());

	private final PostgresStores other = new PostgresStores(TestPostgres.dataSource());

	private final List<SharedStore.Watch> watches = new ArrayList<>();

	@AfterEach
	void leave() {
		this.watches.forEach(SharedStore.Watch::close);
	}

	@Test
	void whatOneProcessSavesTheOthersFind() {
		SharedInstallations saving = this.one.installations(this.application, null);
		SharedInstallations reading = this.other.installations(this.application, null);
		saving.save(installation("t0ken-1"));
		assertThat(reading.findAll()).containsExactly(installation("t0ken-1"));
		saving.save(installation("t0ken-2"));
		assertThat(reading.find(this.agent)).isEqualTo(installation("t0ken-2"));
		assertThat(this.other.installations("another", null).find(this.agent)).isNull();
		saving.remove(this.agent);
		assertThat(reading.find(this.agent)).isNull();
		assertThat(reading.findAll()).isEmpty();
		assertThat(installation("t0ken-1").toString()).doesNotContain("t0ken");
	}

	@Test
	void tokensAreEncryptedAndEncryptedAgainWithAnotherKey() throws SQLException {
		EncryptionKey before = key(1);
		EncryptionKey now = key(2);
		this.one.installations(this.application, null).save(installation("t0ken-1"));
		assertThat(storedToken()).isEqualTo("t0ken-1");
		SharedInstallations sealed = this.one.installations(this.application, EncryptionKeys.of(before, List.of()));
		assertThat(sealed.findAll()).containsExactly(installation("t0ken-1"));
		assertThat(storedToken()).as("what was not sealed is, once it was read").doesNotContain("t0ken");
		assertThatExceptionOfType(EncryptionKeyException.class)
			.isThrownBy(this.other.installations(this.application, null)::findAll)
			.withMessageContaining(before.id());
		SharedInstallations rotated = this.other.installations(this.application,
				EncryptionKeys.of(now, List.of(before)));
		assertThat(rotated.find(this.agent)).isEqualTo(installation("t0ken-1"));
		assertThat(this.one.installations(this.application, EncryptionKeys.of(now, List.of())).find(this.agent))
			.isEqualTo(installation("t0ken-1"));
		assertThatExceptionOfType(EncryptionKeyException.class).isThrownBy(() -> this.one
			.installations(this.application, EncryptionKeys.of(new EncryptionKey(now.id(), key(3).key()), List.of()))
			.find(this.agent)).withMessageNotContaining("t0ken");
	}

	@Test
	void eachProcessSeesWhoIsThereAndWhoHasWhichAgent() {
		SharedInstallations ours = this.one.installations(this.application, null);
		SharedInstallations theirs = this.other.installations(this.application, null);
		AtomicReference<Distribution> seen = new AtomicReference<>(new Distribution(0, List.of()));
		AtomicReference<Distribution> seenThere = new AtomicReference<>(seen.get());
		join(ours, Set.of(), seen);
		await().until(() -> seen.get().processes() == 1);
		ours.save(installation("t0ken-1"));
		await().untilAsserted(() -> assertThat(seen.get().agents()).singleElement()
			.satisfies((placement) -> assertThat(placement.holder()).isNull()));
		long revision = seen.get().agents().get(0).revision();
		SharedStore.Watch another = join(theirs, Set.of(this.agent), seenThere);
		AgentStore store = this.other.open(this.agent, null);
		await().untilAsserted(() -> {
			assertThat(seen.get().processes()).isEqualTo(2);
			assertThat(seen.get().agents()).containsExactly(
					new Distribution.Placement(this.agent, revision, ((SharedStore) store).holder(), Pin.ELSEWHERE));
		});
		await().until(() -> seenThere.get().agents().get(0).pin() == Pin.HERE);
		theirs.save(installation("t0ken-2"));
		await().until(() -> seen.get().agents().get(0).revision() != revision);
		another.close();
		store.close();
		await().untilAsserted(() -> {
			assertThat(seen.get().processes()).isEqualTo(1);
			assertThat(seen.get().agents().get(0).holder()).isNull();
			assertThat(seen.get().agents().get(0).pin()).isEqualTo(Pin.NONE);
		});
	}

	@Test
	void aProcessWhoseSessionEndsIsBackWithAnother() throws SQLException {
		SharedInstallations ours = this.one.installations(this.application, null);
		AtomicReference<Distribution> seen = new AtomicReference<>(new Distribution(0, List.of()));
		join(ours, Set.of(), seen);
		await().until(() -> seen.get().processes() == 1);
		try (Connection connection = TestPostgres.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
					+ " AND classid = " + (LockSession.KEY + 1) + " AND objid = "
					+ (this.application.hashCode() & Integer.MAX_VALUE));
		}
		seen.set(new Distribution(0, List.of()));
		await().until(() -> seen.get().processes() == 1);
	}

	private SharedStore.Watch join(SharedInstallations installations, Set<String> pinned,
			AtomicReference<Distribution> seen) {
		SharedStore.Watch watch = installations.join(pinned, seen::set);
		this.watches.add(watch);
		return watch;
	}

	private KnownInstallation installation(String token) {
		return new KnownInstallation(this.agent, "alice", "c-1", token);
	}

	private String storedToken() throws SQLException {
		try (Connection connection = TestPostgres.dataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement
					.executeQuery("SELECT token FROM pacerelle.installations WHERE agent_id = '" + this.agent + "'")) {
			assertThat(row.next()).isTrue();
			return new String(row.getBytes(1), StandardCharsets.ISO_8859_1);
		}
	}

	private static EncryptionKey key(int seed) {
		byte[] key = new byte[32];
		key[0] = (byte) seed;
		return EncryptionKey.of(key);
	}

}
