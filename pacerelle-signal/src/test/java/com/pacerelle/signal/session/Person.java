package com.pacerelle.signal.session;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import java.util.function.Function;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoredSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Somebody with a store, a clock that can be turned and keys that a seed determines.
 */
final class Person {

	static final int SIGNED_PRE_KEY_ID = 0x8000_0001;

	static final int KYBER_PRE_KEY_ID = 0xFFFF_FFFF;

	final ProtocolAddress address;

	final InMemorySignalStore store;

	final SecureRandom random;

	private int nextOneTimePreKeyId;

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	Person(String name) {
		this.address = ProtocolAddress.of(name);
		this.random = new SeededRandom(name.hashCode());
		this.store = new InMemorySignalStore(EcKeyPair.generate(this.random), 5);
		this.store.add(SignedPreKey.generate(SIGNED_PRE_KEY_ID, this.store.identityKeyPair(), this.random));
		this.store.add(KyberPreKey.generate(KYBER_PRE_KEY_ID, this.store.identityKeyPair(), this.random));
	}

	PreKeyBundle bundle() {
		OneTimePreKey preKey = OneTimePreKey.generate(this.nextOneTimePreKeyId++, this.random);
		this.store.add(preKey);
		return bundle(preKey);
	}

	PreKeyBundle bundle(OneTimePreKey oneTimePreKey) {
		return PreKeyBundle.of(this.store.registrationId(), this.store.identityKeyPair().publicKey(),
				this.store.signedPreKey(SIGNED_PRE_KEY_ID), this.store.kyberPreKey(KYBER_PRE_KEY_ID), oneTimePreKey);
	}

	SessionCipher cipher() {
		return cipher(this.store);
	}

	SessionCipher cipher(SignalStore other) {
		return new SessionCipher(other, this.random, Clock.fixed(this.now, ZoneOffset.UTC));
	}

	void wait(Duration duration) {
		this.now = this.now.plus(duration);
	}

	void process(Person peer) {
		process(peer, peer.bundle());
	}

	void process(Person peer, PreKeyBundle bundle) {
		commit((cipher) -> {
			cipher.process(peer.address, bundle);
			return bundle;
		});
	}

	byte[] encrypt(Person peer, String text) {
		return commit((cipher) -> cipher.encrypt(peer.address, text.getBytes(StandardCharsets.UTF_8)));
	}

	String decrypt(Person peer, byte[] frame) {
		return new String(commit((cipher) -> cipher.decrypt(peer.address, frame)), StandardCharsets.UTF_8);
	}

	/**
	 * Asserts that a message is refused and nothing changes.
	 * @param peer who sent it
	 * @param frame the message
	 * @param expected the kind of refusal
	 * @return the refusal
	 */
	Throwable refuses(Person peer, byte[] frame, Class<? extends SignalProtocolException> expected) {
		return refuses((cipher) -> cipher.decrypt(peer.address, frame), expected);
	}

	Throwable refuses(Consumer<SessionCipher> operation, Class<? extends SignalProtocolException> expected) {
		SessionCipher cipher = cipher();
		Throwable refusal = catchThrowable(() -> operation.accept(cipher));
		assertThat(refusal).isExactlyInstanceOf(expected);
		assertThat(cipher.changes()).isEmpty();
		return refusal;
	}

	SessionRecord record(Person peer) {
		return record(this.store, peer.address);
	}

	static SessionRecord record(SignalStore store, ProtocolAddress peer) {
		StoredSession current = store.session(peer);
		return new SessionRecord((current != null) ? SessionCodec.decode(current.session()) : null,
				store.archivedSessions(peer));
	}

	private <T> T commit(Function<SessionCipher, T> operation) {
		SessionCipher cipher = cipher();
		T result = operation.apply(cipher);
		this.store.commit(cipher.changes());
		return result;
	}

}
