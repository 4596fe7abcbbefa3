package com.pacerelle.benchmarks;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Function;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.session.SessionCipher;

/**
 * A party of this project.
 */
final class PacerelleParty implements Party<PreKeyBundle> {

	private static final ProtocolAddress PEER = ProtocolAddress.of("peer");

	private final SecureRandom random = new SecureRandom();

	private final Clock clock = Clock.systemUTC();

	private final EcKeyPair identity = EcKeyPair.generate(this.random);

	private final SignedPreKey signedPreKey = SignedPreKey.generate(1, this.identity, this.random);

	private final KyberPreKey kyberPreKey = KyberPreKey.generate(1, this.identity, this.random);

	private final InMemorySignalStore store = new InMemorySignalStore(this.identity, 1);

	private int oneTimePreKeys;

	PacerelleParty() {
		this.store.add(this.signedPreKey);
		this.store.add(this.kyberPreKey);
	}

	@Override
	public PreKeyBundle bundle() {
		OneTimePreKey oneTimePreKey = OneTimePreKey.generate(++this.oneTimePreKeys, this.random);
		this.store.add(oneTimePreKey);
		return PreKeyBundle.of(this.store.registrationId(), this.identity.publicKey(), this.signedPreKey,
				this.kyberPreKey, oneTimePreKey);
	}

	@Override
	public void process(PreKeyBundle bundle) {
		commit((cipher) -> {
			cipher.process(PEER, bundle);
			return bundle;
		});
	}

	@Override
	public byte[] encrypt(byte[] plaintext) {
		return commit((cipher) -> cipher.encrypt(PEER, plaintext));
	}

	@Override
	public byte[] decrypt(byte[] frame) {
		return commit((cipher) -> cipher.decrypt(PEER, frame));
	}

	private <T> T commit(Function<SessionCipher, T> work) {
		SessionCipher cipher = new SessionCipher(this.store, this.random, this.clock);
		T result = work.apply(cipher);
		this.store.commit(cipher.changes());
		return result;
	}

}
