package com.pacerelle.signal.session;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An endpoint of this library: each operation is a unit of work of its own.
 */
final class OwnEndpoint implements Endpoint {

	private static final ProtocolAddress PEER = ProtocolAddress.of("human:u1:c1");

	private final SecureRandom random;

	private final SignedPreKey signedPreKey;

	private final KyberPreKey kyberPreKey;

	private final Map<Integer, OneTimePreKey> oneTimePreKeys = new HashMap<>();

	private final Set<StoreChange> seen = new HashSet<>();

	private InMemorySignalStore store;

	OwnEndpoint(int registrationId) {
		this(registrationId, new SecureRandom());
	}

	OwnEndpoint(int registrationId, SecureRandom random) {
		this.random = random;
		EcKeyPair identity = EcKeyPair.generate(this.random);
		this.signedPreKey = SignedPreKey.generate(1, identity, this.random);
		this.kyberPreKey = KyberPreKey.generate(1, identity, this.random);
		this.store = new InMemorySignalStore(identity, registrationId);
		this.store.add(this.signedPreKey);
		this.store.add(this.kyberPreKey);
	}

	SessionRecord record() {
		return Person.record(this.store, PEER);
	}

	@Override
	public byte[] encodedRecord() {
		return record().encode();
	}

	@Override
	public PreKeyBundle bundle() {
		OneTimePreKey preKey = OneTimePreKey.generate(this.oneTimePreKeys.size() + 1, this.random);
		this.oneTimePreKeys.put(preKey.id(), preKey);
		this.store.add(preKey);
		return PreKeyBundle.of(this.store.registrationId(), this.store.identityKeyPair().publicKey(), this.signedPreKey,
				this.kyberPreKey, preKey);
	}

	@Override
	public void process(PreKeyBundle bundle) {
		SessionCipher cipher = cipher();
		cipher.process(PEER, bundle);
		commit(cipher);
	}

	@Override
	public byte[] encrypt(String text) {
		SessionCipher cipher = cipher();
		byte[] frame = cipher.encrypt(PEER, text.getBytes(StandardCharsets.UTF_8));
		commit(cipher);
		return frame;
	}

	@Override
	public String decrypt(byte[] frame) {
		SessionCipher cipher = cipher();
		try {
			byte[] plaintext = cipher.decrypt(PEER, frame);
			commit(cipher);
			return new String(plaintext, StandardCharsets.UTF_8);
		}
		catch (SignalProtocolException ex) {
			assertThat(cipher.changes()).isEmpty();
			throw new Refused(ex, ex instanceof DuplicateMessageException);
		}
	}

	@Override
	public void restart() {
		InMemorySignalStore old = this.store;
		this.store = new InMemorySignalStore(EcKeyPair.decode(old.identityKeyPair().encodePrivateKey()),
				old.registrationId());
		this.store.add(new SignedPreKey(1, EcKeyPair.decode(this.signedPreKey.keyPair().encodePrivateKey()),
				this.signedPreKey.signature().clone()));
		this.store.add(this.kyberPreKey);
		this.oneTimePreKeys.values()
			.stream()
			.filter((key) -> old.oneTimePreKey(key.id()) != null)
			.forEach((key) -> this.store
				.add(new OneTimePreKey(key.id(), EcKeyPair.decode(key.keyPair().encodePrivateKey()))));
		this.store.commit(List.copyOf(this.seen));
		this.store.commit(Person.record(old, PEER).changes(PEER));
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, this.random, Clock.systemUTC());
	}

	private void commit(SessionCipher cipher) {
		List<StoreChange> changes = cipher.changes();
		this.store.commit(changes);
		changes.stream()
			.filter((change) -> change instanceof StoreChange.IdentitySeen || change instanceof StoreChange.BaseKeySeen)
			.forEach(this.seen::add);
	}

}
