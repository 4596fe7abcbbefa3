package com.pacerelle.signal;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InMemorySignalStoreTests {

	private static final ProtocolAddress PEER = ProtocolAddress.of("peer");

	private final SeededRandom random = new SeededRandom(1);

	private final EcKeyPair identity = EcKeyPair.generate(this.random);

	private final InMemorySignalStore store = new InMemorySignalStore(this.identity, 17);

	private final EcPublicKey key = EcKeyPair.generate(this.random).publicKey();

	@Test
	void whatWasAddedOrCommittedIsFound() {
		OneTimePreKey oneTimePreKey = OneTimePreKey.generate(-1, this.random);
		SignedPreKey signedPreKey = SignedPreKey.generate(0, this.identity, this.random);
		KyberPreKey kyberPreKey = KyberPreKey.generate(7, this.identity, this.random);
		this.store.add(oneTimePreKey);
		this.store.add(signedPreKey);
		this.store.add(kyberPreKey);
		this.store.commit(List.of(new StoreChange.IdentitySeen(PEER, this.key),
				new StoreChange.SessionUpdated(PEER, 0, new byte[] { 1, 2 }),
				new StoreChange.BaseKeySeen(7, 0, this.key)));
		assertThat(this.store.identityKeyPair()).isSameAs(this.identity);
		assertThat(this.store.registrationId()).isEqualTo(17);
		assertThat(this.store.oneTimePreKey(-1)).isEqualTo(oneTimePreKey);
		assertThat(this.store.signedPreKey(0)).isSameAs(signedPreKey);
		assertThat(this.store.kyberPreKey(7)).isSameAs(kyberPreKey);
		assertThat(this.store.identity(PEER)).isEqualTo(this.key);
		assertThat(this.store.session(PEER).session()).containsExactly(1, 2);
		assertThat(this.store.isBaseKeySeen(7, 0, this.key)).isTrue();
	}

	@Test
	void whatIsUnknownIsNotFound() {
		assertThat(this.store.oneTimePreKey(1)).isNull();
		assertThat(this.store.signedPreKey(1)).isNull();
		assertThat(this.store.kyberPreKey(1)).isNull();
		assertThat(this.store.identity(PEER)).isNull();
		assertThat(this.store.session(PEER)).isNull();
		assertThat(this.store.isBaseKeySeen(1, 1, this.key)).isFalse();
	}

	@Test
	void aStoredSessionCannotBeChangedFromOutside() {
		byte[] record = { 1, 2 };
		this.store.commit(List.of(new StoreChange.SessionUpdated(PEER, 0, record)));
		record[0] = 9;
		this.store.session(PEER).session()[1] = 9;
		assertThat(this.store.session(PEER).session()).containsExactly(1, 2);
	}

	@Test
	void aUsedOneTimePreKeyIsGoneAndCannotBeUsedAgain() {
		this.store.add(OneTimePreKey.generate(1, this.random));
		this.store.commit(List.of(new StoreChange.OneTimePreKeyUsed(1)));
		assertThat(this.store.oneTimePreKey(1)).isNull();
		assertRefused(new StoreChange.OneTimePreKeyUsed(1));
	}

	@Test
	void aBaseKeyCannotBeSeenTwice() {
		this.store.commit(List.of(new StoreChange.BaseKeySeen(1, 2, this.key)));
		assertRefused(new StoreChange.BaseKeySeen(1, 2, this.key));
		this.store.commit(List.of(new StoreChange.BaseKeySeen(2, 2, this.key)));
	}

	@Test
	void anIdentityCannotBeReplaced() {
		this.store.commit(List.of(new StoreChange.IdentitySeen(PEER, this.key)));
		this.store.commit(List.of(new StoreChange.IdentitySeen(PEER, this.key)));
		assertRefused(new StoreChange.IdentitySeen(PEER, EcKeyPair.generate(this.random).publicKey()));
	}

	private void assertRefused(StoreChange change) {
		List<StoreChange> changes = List.of(new StoreChange.SessionUpdated(PEER, 0, new byte[1]), change);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.store.commit(changes))
			.withMessageContaining("Nothing was committed");
		assertThat(this.store.session(PEER)).isNull();
	}

}
