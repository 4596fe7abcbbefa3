package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.KnownGroupKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.signal.EcKeyPair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.IDENTITY;
import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The keys of archives and groups.
 */
@ParameterizedClass
@EnumSource
class KeyRecordsTests {

	private static final HistoryKey HISTORY_KEY = new HistoryKey("h-1", 1, digest(1));

	private static final Change.HistoryKeyDelivered DELIVERED = delivered("kitchen", "ann", "phone", HISTORY_KEY, NOW);

	private static final GroupKey GROUP_KEY = new GroupKey("kitchen", "g-1", 3, digest(2));

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void aConversationHasNoKeysAtFirst() {
		try (AgentStore store = open()) {
			assertThat(store.historyKeys("kitchen", "ann")).isEmpty();
			assertThat(store.groupKey("kitchen", "g-1", 3)).isNull();
			assertThat(store.groupKeys("kitchen")).isEmpty();
		}
	}

	@Test
	void keysAreThereAfterARestart() {
		try (AgentStore store = open()) {
			store.commitAsync(List.of(DELIVERED, given(GROUP_KEY, "ann"))).join();
		}
		try (AgentStore store = open()) {
			assertThat(keys(store, "kitchen", "ann")).containsExactly("phone h-1 1");
			assertThat(keys(store, "kitchen", "bob")).isEmpty();
			assertThat(keys(store, "cellar", "ann")).isEmpty();
			assertThat(store.groupKey("kitchen", "g-1", 3)).usingRecursiveComparison().isEqualTo(GROUP_KEY);
			assertThat(store.groupKey("kitchen", "g-1", 4)).isNull();
			assertThat(store.groupKey("kitchen", "g-2", 3)).isNull();
			assertThat(store.groupKey("cellar", "g-1", 3)).isNull();
		}
	}

	@Test
	void theHistoryKeyOfADeviceIsNeverReplaced() {
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(DELIVERED));
			store.commitAndWait(List.of(DELIVERED));
			for (HistoryKey other : List.of(new HistoryKey("h-2", 1, digest(1)), new HistoryKey("h-1", 2, digest(1)),
					new HistoryKey("h-1", 1, digest(9)))) {
				assertConflict(store, pending("m1"), delivered("kitchen", "ann", "phone", other, NOW));
			}
			assertThat(store.historyKeys("kitchen", "ann")).singleElement()
				.usingRecursiveComparison()
				.isEqualTo(DELIVERED.key());
			assertThat(store.receipt("m1")).isNull();
		}
	}

	@Test
	void eachDeviceAndGroupHasItsOwnHistoryKey() {
		HistoryKey other = new HistoryKey("h-2", 1, digest(9));
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(delivered("kitchen", "ann", "tablet", other, NOW.plusMillis(1)), DELIVERED,
					delivered("kitchen", "ann", null, other, NOW.plusMillis(2)),
					delivered("kitchen", "bob", "phone", other, NOW), delivered("cellar", "ann", "phone", other, NOW),
					new Change.HistoryKeyDelivered(
							new KnownHistoryKey("kitchen", "group:kitchen", null, null, other, NOW))));
			assertThat(keys(store, "kitchen", "ann")).containsExactly("phone h-1 1", "tablet h-2 9", "null h-2 9");
			assertThat(keys(store, "kitchen", "bob")).containsExactly("phone h-2 9");
			assertThat(keys(store, "cellar", "ann")).containsExactly("phone h-2 9");
			assertThat(store.historyKeys("kitchen", "group:kitchen")).singleElement()
				.extracting(KnownHistoryKey::identity)
				.isNull();
		}
	}

	@Test
	void aDeviceWithAnotherIdentityMayDeliverAnotherHistoryKey() {
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(DELIVERED));
			store.commitAndWait(List.of(new Change.HistoryKeyDelivered(new KnownHistoryKey("kitchen", "ann", "phone",
					EcKeyPair.generate(TestChanges.RANDOM).publicKey(), new HistoryKey("h-2", 1, digest(9)), NOW))));
			assertThat(keys(store, "kitchen", "ann")).containsExactly("phone h-2 9");
		}
	}

	private static Change.HistoryKeyDelivered delivered(String conversationId, String userId, @Nullable String deviceId,
			HistoryKey key, Instant at) {
		return new Change.HistoryKeyDelivered(
				new KnownHistoryKey(conversationId, userId, deviceId, IDENTITY.publicKey(), key, at));
	}

	private static List<String> keys(AgentStore store, String conversationId, String recipient) {
		return store.historyKeys(conversationId, recipient)
			.stream()
			.map((known) -> known.deviceId() + " " + known.key().keyId() + " " + known.key().key()[0])
			.toList();
	}

	@Test
	void aGroupKeyIsNeverReplaced() {
		try (AgentStore store = open()) {
			long highest = (1L << 53) - 1;
			store.commitAndWait(List.of(given(GROUP_KEY, "ann"), given(GROUP_KEY, "bob"),
					given(new GroupKey("kitchen", "g-2", highest, digest(3)), "bob"),
					given(new GroupKey("kitchen", "g-3", 20, digest(4)), "ann")));
			assertConflict(store, given(new GroupKey("kitchen", "g-1", 3, digest(5)), "ann"));
			assertThat(store.groupKeys("kitchen")).containsExactly(new KnownGroupKey("g-1", 3, "ann", NOW, false),
					new KnownGroupKey("g-3", 20, "ann", NOW, false),
					new KnownGroupKey("g-2", highest, "bob", NOW, false));
			assertThat(store.groupKeys("cellar")).isEmpty();
		}
	}

	@Test
	void aNonceIsUsedOnceWithEachKeyAsLongAsTheKeyIsKept() {
		byte[] nonce = { 1, 2, 3 };
		Change used = new Change.GroupNonceUsed("kitchen", "g-1", 3, nonce, null);
		try (AgentStore store = open()) {
			assertConflict(store, pending("m1"), used);
			store.commitAndWait(
					List.of(given(GROUP_KEY, "ann"), given(new GroupKey("kitchen", "g-1", 4, digest(2)), "ann")));
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isFalse();
			store.commitAndWait(List.of(used));
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			assertConflict(store, pending("m1"), used);
			store.commitAndWait(List.of(new Change.GroupNonceUsed("kitchen", "g-1", 4, nonce, null)));
			Instant muchLater = NOW.plus(Duration.ofDays(10_000));
			store.commitAndWait(List.of(new Change.Expired(muchLater, muchLater)));
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			assertConflict(store, pending("m1"), used);
		}
	}

	@Test
	void theLowestKeysOfAMemberWhoHasGivenVeryManyGoWithTheirNonces() {
		byte[] nonce = { 1, 2, 3 };
		try (AgentStore store = open()) {
			store.commitAndWait(
					List.of(given(GROUP_KEY, "ann"), given(new GroupKey("kitchen", "b", 1, digest(1)), "bob"),
							new Change.GroupNonceUsed("kitchen", "g-1", 3, nonce, null)));
			for (int i = 0; i < AgentStore.MAX_GROUP_KEYS - 1; i++) {
				store.commitAndWait(List.of(given(new GroupKey("kitchen", "g", 10 + i, digest(1)), "ann")));
			}
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			store.commitAndWait(List.of(given(new GroupKey("kitchen", "g", 9, digest(1)), "ann")));
			assertThat(store.groupKey("kitchen", "g-1", 3)).isNull();
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isFalse();
			assertThat(store.groupKeys("kitchen")).hasSize(AgentStore.MAX_GROUP_KEYS + 1)
				.extracting(KnownGroupKey::epoch)
				.startsWith(1L, 9L);
		}
	}

	@Test
	void aKeyIsSharedWhenAnotherMemberWritesWithIt() {
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(given(GROUP_KEY, "ann"),
					new Change.GroupNonceUsed("kitchen", "g-1", 3, new byte[] { 1 }, null),
					new Change.GroupNonceUsed("kitchen", "g-1", 3, new byte[] { 2 }, "ann")));
			assertThat(store.groupKeys("kitchen")).extracting(KnownGroupKey::shared).containsExactly(false);
			store.commitAndWait(List.of(new Change.GroupNonceUsed("kitchen", "g-1", 3, new byte[] { 3 }, "bob")));
			assertThat(store.groupKeys("kitchen")).extracting(KnownGroupKey::shared).containsExactly(true);
		}
	}

	private static Change given(GroupKey key, String member) {
		return new Change.GroupKeyReceived(key, member, NOW);
	}

	@Test
	void keysAreRedactedInText() {
		assertThat(List.of(HISTORY_KEY.toString(), GROUP_KEY.toString(), DELIVERED.toString(),
				given(GROUP_KEY, "ann").toString()))
			.allMatch((text) -> text.contains("-1") && !text.contains("[B@"));
	}

	private static void assertConflict(AgentStore store, Change... changes) {
		assertThat(store.commitAsync(List.of(changes))).failsWithin(Duration.ofMinutes(1))
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class);
	}

	private AgentStore open() {
		return this.kind.open(this.root);
	}

}
