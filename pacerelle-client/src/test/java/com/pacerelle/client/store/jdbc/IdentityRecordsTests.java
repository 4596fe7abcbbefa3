package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.KnownConversation;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.KnownIdentity.State;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.publicKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The identities of people's devices.
 */
@ParameterizedClass
@EnumSource
class IdentityRecordsTests {

	private static final EcPublicKey KEY = publicKey();

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	private @Nullable AgentStore store;

	@AfterEach
	void close() {
		if (this.store != null) {
			this.store.close();
		}
	}

	@Test
	void anIdentityIsKnownForOnePersonDeviceAndConversation() {
		KnownIdentity phone = identity("ann", "phone", "kitchen", KEY, NOW);
		commit(new Change.IdentityKnown(phone));

		assertThat(store().knownIdentity("ann", "phone", "kitchen")).isEqualTo(phone);
		assertThat(store().knownIdentity("ann", "phone", "garden")).isNull();
		assertThat(store().knownIdentity("ann", "laptop", "kitchen")).isNull();
		assertThat(store().knownIdentity("ann", null, "kitchen")).isNull();
		assertThat(store().knownIdentity("bob", "phone", "kitchen")).isNull();
	}

	@Test
	void aPersonWithoutADeviceHasAnIdentityAsWell() {
		KnownIdentity plain = identity("ann", null, "kitchen", KEY, NOW);
		commit(new Change.IdentityKnown(plain));

		assertThat(store().knownIdentity("ann", null, "kitchen")).isEqualTo(plain);
	}

	@Test
	void theIdentitiesOfAPersonComeInTheOrderOfTheirFirstUse() {
		KnownIdentity second = identity("ann", "laptop", "kitchen", publicKey(), NOW.plusSeconds(1));
		KnownIdentity first = identity("ann", "phone", "kitchen", KEY, NOW);
		KnownIdentity third = identity("ann", "phone", "attic", publicKey(), NOW.plusSeconds(2));
		commit(new Change.IdentityKnown(second), new Change.IdentityKnown(first), new Change.IdentityKnown(third),
				new Change.IdentityKnown(identity("bob", "phone", "kitchen", publicKey(), NOW)));

		assertThat(store().identities("ann")).containsExactly(first, second, third);
		assertThat(store().identities("dan")).isEmpty();
	}

	@Test
	void theConversationsWithTrustedPeopleAndGroupsAreListedPageByPage() {
		commit(new Change.IdentityKnown(identity("ann", "phone", "kitchen", KEY, NOW)),
				new Change.IdentityKnown(identity("ann", "laptop", "kitchen", publicKey(), NOW)),
				new Change.IdentityKnown(identity("ann", "phone", "attic", KEY, NOW)),
				new Change.IdentityKnown(identity("bob", null, "kitchen", publicKey(), NOW)),
				new Change.IdentityKnown(identity("dan", "phone", "team", publicKey(), NOW)),
				new Change.GroupKeyReceived(new GroupKey("team", "g", 1, new byte[32]), "dan", NOW),
				new Change.GroupKeyReceived(new GroupKey("team", "g", 2, new byte[32]), "dan", NOW),
				new Change.GroupKeyReceived(new GroupKey("choir", "g", 1, new byte[32]), "dan", NOW));
		EcPublicKey stranger = publicKey();
		commit(new Change.IdentityKnown(identity("eve", "phone", "kitchen", stranger, NOW)),
				new Change.IdentityDecided("eve", stranger, State.REFUSED, NOW));

		List<KnownConversation> all = List.of(new KnownConversation("ann", "attic"),
				new KnownConversation("ann", "kitchen"), new KnownConversation("bob", "kitchen"),
				KnownConversation.ofGroup("choir"), KnownConversation.ofGroup("team"));
		for (int size = 1; size <= all.size() + 1; size++) {
			List<KnownConversation> read = new ArrayList<>();
			List<KnownConversation> page = store().conversations(null, size);
			while (!page.isEmpty()) {
				assertThat(page).hasSizeLessThanOrEqualTo(size);
				read.addAll(page);
				page = store().conversations(page.get(page.size() - 1), size);
			}
			assertThat(read).as("in pages of %d", size).isEqualTo(all);
		}
	}

	@Test
	void anotherIdentityOfADeviceReplacesTheOneBefore() {
		commit(new Change.IdentityKnown(identity("ann", "phone", "kitchen", KEY, NOW)));
		KnownIdentity changed = identity("ann", "phone", "kitchen", publicKey(), NOW.plusSeconds(1));
		commit(new Change.IdentityKnown(changed));

		assertThat(store().identities("ann")).containsExactly(changed);
	}

	@Test
	void aDecisionCountsForOnePersonAndKeyEverywhere() {
		commit(new Change.IdentityKnown(identity("ann", "phone", "kitchen", KEY, NOW)),
				new Change.IdentityKnown(identity("ann", "phone", "garden", KEY, NOW)),
				new Change.IdentityKnown(identity("ann", "laptop", "kitchen", publicKey(), NOW)),
				new Change.IdentityKnown(identity("bob", "phone", "kitchen", KEY, NOW)));
		commit(new Change.IdentityDecided("ann", KEY, State.REFUSED, NOW));

		assertThat(state("ann", "phone", "kitchen")).isEqualTo(State.REFUSED);
		assertThat(state("ann", "phone", "garden")).isEqualTo(State.REFUSED);
		assertThat(state("ann", "laptop", "kitchen")).isEqualTo(State.TRUSTED);
		assertThat(state("bob", "phone", "kitchen")).isEqualTo(State.TRUSTED);
		assertThatExceptionOfType(StoreConflictException.class)
			.isThrownBy(() -> commit(new Change.IdentityDecided("ann", publicKey(), State.REFUSED, NOW)));
	}

	@Test
	void anIdentityThatWaitsIsAskedForOnceAndNotAfterADecision() {
		KnownIdentity waiting = new KnownIdentity("ann", "laptop", "kitchen", KEY, NOW, State.WAITING);
		commit(new Change.IdentityKnown(identity("ann", "phone", "kitchen", publicKey(), NOW)),
				new Change.IdentityKnown(waiting));
		assertThat(store().waitingIdentities()).containsExactly(waiting);

		commit(new Change.IdentityDecided("ann", KEY, State.ASKED, NOW));
		assertThat(store().waitingIdentities()).extracting(KnownIdentity::state).containsExactly(State.ASKED);
		assertThatExceptionOfType(StoreConflictException.class)
			.isThrownBy(() -> commit(new Change.IdentityDecided("ann", KEY, State.ASKED, NOW)));

		commit(new Change.IdentityDecided("ann", KEY, State.TRUSTED, NOW));
		assertThat(store().waitingIdentities()).isEmpty();
		assertThatExceptionOfType(StoreConflictException.class)
			.isThrownBy(() -> commit(new Change.IdentityDecided("ann", KEY, State.ASKED, NOW)));
	}

	@Test
	void messagesWaitForTheirDeviceAndAreRejectedWithIt() {
		commit(new Change.IdentityKnown(new KnownIdentity("ann", "laptop", "kitchen", KEY, NOW, State.WAITING)),
				new Change.IdentityKnown(new KnownIdentity("ann", null, "kitchen", publicKey(), NOW, State.WAITING)),
				waiting("m1", "laptop"), waiting("m2", "laptop"), waiting("m3", null));
		assertThat(store().waitingMessages("ann", "laptop")).isEqualTo(2);
		assertThat(store().waitingMessages("ann", null)).isEqualTo(1);
		assertThat(store().receipt("m1")).usingRecursiveComparison()
			.isEqualTo(new Receipt("m1", digest(1), Receipt.State.WAITING, "text of m1", NOW));
		assertThatExceptionOfType(StoreConflictException.class).isThrownBy(() -> commit(waiting("m1", "laptop")));

		commit(pending("m1"));
		commit(new Change.IdentityDecided("ann", KEY, State.REFUSED, NOW));

		assertThat(store().receipt("m1")).extracting(Receipt::state).isEqualTo(Receipt.State.PENDING);
		assertThat(store().receipt("m2")).extracting(Receipt::state, Receipt::payload)
			.containsExactly(Receipt.State.REJECTED, null);
		assertThat(store().receipt("m3")).extracting(Receipt::state).isEqualTo(Receipt.State.WAITING);
	}

	@Test
	void nothingIsLeftOfAForgottenIdentity() {
		EcPublicKey other = publicKey();
		ProtocolAddress phone = ProtocolAddress.of("phone");
		ProtocolAddress plain = ProtocolAddress.of("plain");
		KnownIdentity forgotten = identity("ann", "phone", "kitchen", KEY, NOW);
		commit(new Change.IdentityKnown(forgotten),
				new Change.IdentityKnown(identity("ann", "phone", "attic", KEY, NOW)),
				new Change.IdentityKnown(identity("ann", "laptop", "kitchen", other, NOW)),
				new Change.DeviceUsed("ann", "kitchen", "phone"),
				new Change.PeerNameSeen("ann", "kitchen", "phone", true),
				new Change.HistoryKeyDelivered(
						new KnownHistoryKey("kitchen", "ann", "phone", KEY, new HistoryKey("k", 1, new byte[32]), NOW)),
				session(new StoreChange.IdentitySeen(phone, KEY)), session(new StoreChange.IdentitySeen(plain, other)),
				session(new StoreChange.SessionUpdated(phone, 0, new byte[1])),
				session(new StoreChange.SessionUpdated(plain, 0, new byte[1])),
				session(new StoreChange.SessionArchived(phone, KEY, List.of(KEY), new byte[1])));
		commit(new Change.IdentityForgotten(forgotten, List.of(phone, plain), NOW));
		assertThat(store().identities("ann")).extracting(KnownIdentity::deviceId, KnownIdentity::conversationId)
			.containsExactlyInAnyOrder(tuple("phone", "attic"), tuple("laptop", "kitchen"));
		assertThat(store().lastDevice("ann", "kitchen")).isNull();
		assertThat(store().usesPlainName("ann", "kitchen", "phone")).isFalse();
		assertThat(store().historyKeys("kitchen", "ann")).isEmpty();
		assertThat(store().identity(phone)).isNull();
		assertThat(store().session(phone)).isNull();
		assertThat(store().archivedSessions(phone)).isEmpty();
		assertThat(store().identity(plain)).isEqualTo(other);
		assertThat(store().session(plain)).isNotNull();
		assertThatExceptionOfType(StoreConflictException.class)
			.isThrownBy(() -> commit(new Change.IdentityForgotten(forgotten, List.of(phone), NOW)));
	}

	@Test
	void whatAForgottenIdentitySentIsRejectedIfItWaitsOrTheIdentityWasRefused() {
		KnownIdentity laptop = new KnownIdentity("ann", "laptop", "kitchen", KEY, NOW, State.TRUSTED);
		commit(new Change.IdentityKnown(laptop), waiting("m1", "laptop"), waiting("m2", "laptop"),
				pending("m2", new ReplyContext("ann", "kitchen", "laptop")));
		commit(new Change.IdentityForgotten(laptop, List.of(), NOW));
		assertThat(store().receipt("m1")).extracting(Receipt::state).isEqualTo(Receipt.State.REJECTED);
		assertThat(store().receipt("m2")).extracting(Receipt::state).isEqualTo(Receipt.State.PENDING);
		commit(new Change.IdentityKnown(laptop), new Change.IdentityDecided("ann", KEY, State.REFUSED, NOW));
		commit(new Change.IdentityForgotten(laptop, List.of(), NOW));
		assertThat(store().receipt("m2")).extracting(Receipt::state, Receipt::payload)
			.containsExactly(Receipt.State.REJECTED, null);
	}

	private static Change session(StoreChange change) {
		return new Change.Session(change);
	}

	@Test
	void anIdentityIsTrustedSinceItsFirstUseAnywhere() {
		commit(new Change.IdentityKnown(identity("ann", "phone", "kitchen", KEY, NOW.plusSeconds(1))),
				new Change.IdentityKnown(identity("ann", "phone", "garden", KEY, NOW)),
				new Change.IdentityKnown(identity("bob", "phone", "kitchen", KEY, NOW.minusSeconds(1))));
		assertThat(store().trustedSince("ann", KEY)).isEqualTo(NOW);
		assertThat(store().trustedSince("ann", publicKey())).isNull();
		commit(new Change.IdentityDecided("ann", KEY, State.REFUSED, NOW));
		assertThat(store().trustedSince("ann", KEY)).isNull();
	}

	private static Change waiting(String messageId, @Nullable String deviceId) {
		return new Change.MessageWaiting(messageId, digest(1), "text of " + messageId,
				new ReplyContext("ann", "kitchen", deviceId), NOW);
	}

	private State state(String userId, String deviceId, String conversationId) {
		KnownIdentity known = store().knownIdentity(userId, deviceId, conversationId);
		assertThat(known).isNotNull();
		return known.state();
	}

	private static Tuple tuple(@Nullable Object... values) {
		return Tuple.tuple(values);
	}

	private static KnownIdentity identity(String userId, @Nullable String deviceId, String conversationId,
			EcPublicKey key, Instant firstSeen) {
		return new KnownIdentity(userId, deviceId, conversationId, key, firstSeen, State.TRUSTED);
	}

	private AgentStore store() {
		if (this.store == null) {
			this.store = this.kind.open(this.root);
		}
		return this.store;
	}

	private void commit(Change... changes) {
		store().commitAndWait(List.of(changes));
	}

}
