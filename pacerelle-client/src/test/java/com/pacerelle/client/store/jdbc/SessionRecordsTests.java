package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.baseKeySeen;
import static com.pacerelle.client.store.jdbc.TestChanges.identitySeen;
import static com.pacerelle.client.store.jdbc.TestChanges.kyber;
import static com.pacerelle.client.store.jdbc.TestChanges.oneTimePreKeyUsed;
import static com.pacerelle.client.store.jdbc.TestChanges.oneTimePreKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.preKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.publicKey;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static com.pacerelle.client.store.jdbc.TestChanges.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The records of the session protocol.
 */
@ParameterizedClass
@EnumSource
class SessionRecordsTests {

	private static final int LARGEST_ID = 0xFFFFFFFF;

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	private AgentStore store;

	@BeforeEach
	void open() {
		this.store = this.kind.open(this.root);
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void aPeerHasNoSessionUntilOneIsStored() {
		assertThat(this.store.session(PEER)).isNull();
	}

	@Test
	void theSessionThatWasStoredLastReplacesTheOthers() {
		commit(session(PEER, (byte) 1, (byte) 2));
		commit(session(PEER, 1, (byte) 3), session(PEER, 2, (byte) 4, (byte) 0, (byte) 5));

		assertThat(this.store.session(PEER).session()).containsExactly(4, 0, 5);
	}

	@Test
	void peersThatDifferByNameOrDeviceHaveTheirOwnSessions() {
		commit(session(PEER, (byte) 1), session(new ProtocolAddress(PEER.name(), 2), (byte) 2),
				session(ProtocolAddress.of("human:ann:kitchen"), (byte) 3));

		assertThat(this.store.session(PEER).session()).containsExactly(1);
		assertThat(this.store.session(new ProtocolAddress(PEER.name(), 2)).session()).containsExactly(2);
		assertThat(this.store.session(ProtocolAddress.of("human:ann:kitchen")).session()).containsExactly(3);
	}

	@Test
	void aLargeSessionComesBackWhole() {
		byte[] record = new byte[1_000_000];
		TestChanges.RANDOM.nextBytes(record);
		commit(session(PEER, record));

		assertThat(this.store.session(PEER).session()).isEqualTo(record);
	}

	@Test
	void anIdentityIsKnownOnceItWasSeen() {
		EcPublicKey identity = publicKey();
		assertThat(this.store.identity(PEER)).isNull();

		commit(identitySeen(PEER, identity));
		commit(identitySeen(PEER, identity));

		assertThat(this.store.identity(PEER)).isEqualTo(identity);
	}

	@Test
	void anotherIdentityOfAKnownPeerIsAConflict() {
		EcPublicKey identity = publicKey();
		commit(identitySeen(PEER, identity));

		assertConflict(identitySeen(PEER, publicKey()));

		assertThat(this.store.identity(PEER)).isEqualTo(identity);
	}

	@Test
	void aPreKeyIsFoundOnlyUnderItsKindAndId() {
		SignedPreKey signed = signed(7);
		KyberPreKey kyber = kyber(LARGEST_ID);
		OneTimePreKey oneTime = OneTimePreKey.generate(0x80000000, TestChanges.RANDOM);
		commit(new Change.PreKeysCreated(signed, kyber, List.of(oneTime), NOW));

		SignedPreKey storedSigned = this.store.signedPreKey(7);
		assertThat(storedSigned).isNotNull();
		assertThat(storedSigned.id()).isEqualTo(7);
		assertThat(storedSigned.keyPair().encodePrivateKey()).isEqualTo(signed.keyPair().encodePrivateKey());
		assertThat(storedSigned.keyPair().publicKey()).isEqualTo(signed.keyPair().publicKey());
		assertThat(storedSigned.signature()).isEqualTo(signed.signature());
		assertThat(this.store.kyberPreKey(LARGEST_ID)).usingRecursiveComparison().isEqualTo(kyber);
		assertThat(this.store.oneTimePreKey(0x80000000)).isEqualTo(oneTime);
		assertThat(this.store.signedPreKey(8)).isNull();
		assertThat(this.store.kyberPreKey(7)).isNull();
		assertThat(this.store.oneTimePreKey(7)).isNull();
	}

	@Test
	void storingAPreKeyLeavesTheCallersKeysAlone() {
		KyberPreKey kyber = kyber(1);
		byte[] secretKey = kyber.secretKey().clone();
		commit(preKeys(signed(1), kyber, NOW));

		assertThat(kyber.secretKey()).isEqualTo(secretKey);
	}

	@Test
	void thePreKeysThatWereStoredLastAreTheCurrentOnes() {
		assertThat(this.store.currentSignedPreKey()).isNull();
		assertThat(this.store.currentKyberPreKey()).isNull();

		commit(preKeys(signed(9), kyber(9), NOW));
		commit(preKeys(signed(3), kyber(4), NOW.minusSeconds(5)));

		assertThat(this.store.currentSignedPreKey()).satisfies((published) -> {
			assertThat(published.preKey().id()).isEqualTo(3);
			assertThat(published.createdAt()).isEqualTo(NOW.minusSeconds(5));
		});
		assertThat(this.store.currentKyberPreKey()).satisfies((published) -> {
			assertThat(published.preKey().id()).isEqualTo(4);
			assertThat(published.createdAt()).isEqualTo(NOW.minusSeconds(5));
		});
	}

	@Test
	void newOneTimePreKeysLeaveTheCurrentOnesAlone() {
		commit(preKeys(signed(9), kyber(9), NOW));
		commit(oneTimePreKeys(NOW, 10, 11));

		assertThat(this.store.currentSignedPreKey()).extracting((published) -> published.preKey().id()).isEqualTo(9);
		assertThat(this.store.oneTimePreKeyCount()).isEqualTo(2);
	}

	@Test
	void aSecondPreKeyOfTheSameKindAndIdIsAConflict() {
		commit(preKeys(signed(1), kyber(1), NOW), oneTimePreKeys(NOW, 1));

		assertConflict(new Change.PreKeysCreated(signed(1), null, List.of(), NOW));
		assertConflict(new Change.PreKeysCreated(null, kyber(1), List.of(), NOW));
		assertConflict(oneTimePreKeys(NOW, 2, 1));

		assertThat(this.store.oneTimePreKeyCount()).isOne();
	}

	@Test
	void aOneTimePreKeyIsUsedOnce() {
		commit(oneTimePreKeys(NOW, LARGEST_ID, 2));

		commit(oneTimePreKeyUsed(LARGEST_ID));

		assertThat(this.store.oneTimePreKey(LARGEST_ID)).isNull();
		assertThat(this.store.oneTimePreKeyCount()).isOne();
		assertConflict(oneTimePreKeyUsed(LARGEST_ID));
	}

	@Test
	void aBaseKeyIsKnownForItsPreKeysOnly() {
		EcPublicKey baseKey = publicKey();
		commit(baseKeySeen(1, LARGEST_ID, baseKey));

		assertThat(this.store.isBaseKeySeen(1, LARGEST_ID, baseKey)).isTrue();
		assertThat(this.store.isBaseKeySeen(2, LARGEST_ID, baseKey)).isFalse();
		assertThat(this.store.isBaseKeySeen(1, 2, baseKey)).isFalse();
		assertThat(this.store.isBaseKeySeen(1, LARGEST_ID, publicKey())).isFalse();
	}

	@Test
	void aBaseKeyThatWasSeenBeforeIsAConflict() {
		EcPublicKey baseKey = publicKey();
		commit(baseKeySeen(1, 2, baseKey), baseKeySeen(1, 3, baseKey), baseKeySeen(1, 2, publicKey()));

		assertConflict(baseKeySeen(1, 2, baseKey));
	}

	@Test
	void theProtocolsOwnCommitIsAllOrNothingToo() {
		List<StoreChange> changes = List.of(new StoreChange.SessionUpdated(PEER, 0, new byte[1]),
				new StoreChange.OneTimePreKeyUsed(1));

		assertThatExceptionOfType(StoreConflictException.class).isThrownBy(() -> this.store.commit(changes))
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("one-time prekey 1 ");
		assertThat(this.store.session(PEER)).isNull();

		this.store.commit(changes.subList(0, 1));
		assertThat(this.store.session(PEER).session()).containsExactly(0);
	}

	@Test
	void expiryDeletesReplacedPreKeysWithTheirBaseKeysAndUnusedOneTimePreKeys() {
		EcPublicKey baseKey = publicKey();
		commit(preKeys(signed(1), kyber(1), NOW.minus(Duration.ofDays(30))),
				oneTimePreKeys(NOW.minus(Duration.ofDays(30)), 1));
		commit(preKeys(signed(2), kyber(2), NOW.minus(Duration.ofDays(20))),
				oneTimePreKeys(NOW.minus(Duration.ofDays(20)), 2));
		commit(preKeys(signed(3), kyber(3), NOW.minus(Duration.ofDays(10))));
		commit(baseKeySeen(1, 2, baseKey), baseKeySeen(2, 1, baseKey), baseKeySeen(2, 2, baseKey));

		commit(new Change.Expired(NOW.minus(Duration.ofDays(20)), NOW));

		assertThat(this.store.signedPreKey(1)).isNull();
		assertThat(this.store.kyberPreKey(1)).isNull();
		assertThat(this.store.oneTimePreKey(1)).isNull();
		assertThat(this.store.isBaseKeySeen(1, 2, baseKey)).isFalse();
		assertThat(this.store.isBaseKeySeen(2, 1, baseKey)).isFalse();
		assertThat(this.store.signedPreKey(2)).isNotNull();
		assertThat(this.store.kyberPreKey(2)).isNotNull();
		assertThat(this.store.oneTimePreKey(2)).isNotNull();
		assertThat(this.store.isBaseKeySeen(2, 2, baseKey)).isTrue();
	}

	@Test
	void expirySparesTheCurrentPreKeysHoweverOldTheyAre() {
		commit(preKeys(signed(1), kyber(2), NOW.minus(Duration.ofDays(400))));

		commit(new Change.Expired(NOW, NOW));

		assertThat(this.store.currentSignedPreKey()).isNotNull();
		assertThat(this.store.currentKyberPreKey()).isNotNull();
	}

	@Test
	void preKeyIdsStartAnywhereAndAreNeverGivenTwice() {
		int first = this.store.reservePreKeyIds(50);
		int second = this.store.reservePreKeyIds(1);
		this.store.close();
		open();
		int third = this.store.reservePreKeyIds(1);

		assertThat(first).isBetween(1, 1_000_000_000);
		assertThat(second).isEqualTo(first + 50);
		assertThat(third).isEqualTo(second + 1);
	}

	@Test
	void preKeyIdsEndBelowTwoToThePowerOf31() {
		int first = this.store.reservePreKeyIds(1);
		int left = Integer.MAX_VALUE - first;
		assertThat(this.store.reservePreKeyIds(left)).isEqualTo(first + 1);

		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.reservePreKeyIds(1))
			.withMessageContaining("has used up its 2^31 prekey ids");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void fewerThanOnePreKeyIdCannotBeReserved(int count) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.reservePreKeyIds(count));
	}

	private void commit(Change... changes) {
		this.store.commitAsync(List.of(changes)).join();
	}

	private void assertConflict(Change change) {
		assertThat(this.store.commitAsync(List.of(change))).failsWithin(Duration.ofMinutes(1))
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class);
	}

}
