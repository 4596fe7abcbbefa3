package com.pacerelle.signal.session;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.ratchet.RatchetSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a message makes this library do before it has proved authentic (signal.md section
 * 19).
 */
class HostileMessageTests {

	private final Person alice = new Person("alice");

	private final Person bob = new Person("bob");

	/** What Bob's store was asked. */
	private final Set<String> asked = new HashSet<>();

	private void establish() {
		this.alice.process(this.bob);
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "hi"));
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "how are you"));
	}

	@Test
	void whatNoSessionCanDecryptIsRefusedBeforeTheStoreIsAsked() {
		establish();
		SignalMessage genuine = SignalMessage.parse(this.alice.encrypt(this.bob, "genuine"), 1);
		byte[] pqRatchet = genuine.pqRatchet();
		for (byte[] body : List.of(body(genuine.ratchetKey(), 2, new byte[0], pqRatchet),
				body(genuine.ratchetKey(), 2, new byte[15], pqRatchet),
				body(genuine.ratchetKey(), 2, new byte[16], new byte[0]),
				body(genuine.ratchetKey(), 2, new byte[16], new byte[] { 2, 1, 1, 0 }),
				body(genuine.ratchetKey(), 2, new byte[16], new byte[] { 1, 1, 0, 0 }),
				body(genuine.ratchetKey(), 2, new byte[16], new byte[] { 1, 0, 1, 0 }),
				body(genuine.ratchetKey(), 2, new byte[16], new byte[] { 1, 1, 1, 1, 0 }))) {
			assertRefused(frame(body));
			assertThat(this.asked).isEmpty();
		}
	}

	@Test
	void honestMessagesDoNotReadArchivedSessions() {
		establish();
		establish();
		SignalStore store = watched((method) -> method);
		for (int turn = 0; turn < 3; turn++) {
			SessionCipher cipher = this.bob.cipher(store);
			cipher.decrypt(this.alice.address, this.alice.encrypt(this.bob, "ping"));
			byte[] pong = cipher.encrypt(this.alice.address, new byte[1]);
			this.bob.store.commit(cipher.changes());
			this.alice.decrypt(this.bob, pong);
		}
		assertThat(this.asked).contains("session").doesNotContain("archivedSessions", "archivedSession");
	}

	@Test
	void aMessageWithAKnownRatchetKeyIsTriedWithItsSessionOnly() {
		establish();
		EcPublicKey old = SignalMessage.parse(this.alice.encrypt(this.bob, "old"), 1).ratchetKey();
		establish();
		EcPublicKey current = SignalMessage.parse(this.alice.encrypt(this.bob, "current"), 1).ratchetKey();

		assertRefused(frame(body(current, 3, new byte[16], new byte[] { 1, 1, 9, 0 })));
		assertThat(this.asked).doesNotContain("archivedSessions", "archivedSessionThatKnows");
		assertRefused(frame(body(old, 3, new byte[16], new byte[] { 1, 1, 9, 0 })));
		assertThat(this.asked).contains("archivedSessionThatKnows").doesNotContain("archivedSessions");
	}

	@Test
	void howFarAheadAMessageIsIsKnownBeforeAnythingIsDerived() {
		establish();
		Session session = this.bob.record(this.alice).current();
		SignalMessage next = SignalMessage.parse(this.alice.encrypt(this.bob, "next"), 1);
		assertThat(session.jump(next)).isEqualTo(1);
		assertThat(session.jump(parse(next.ratchetKey(), 11, next.pqRatchet()))).isEqualTo(10);
		EcPublicKey unknown = this.alice.bundle().signedPreKey();
		assertThat(session.jump(parse(unknown, 25_000, next.pqRatchet()))).isEqualTo(25_000);
		for (SignalMessage tooFar : List.of(parse(next.ratchetKey(), 25_002, next.pqRatchet()),
				parse(next.ratchetKey(), -1, next.pqRatchet()), parse(unknown, 25_001, next.pqRatchet()),
				parse(unknown, -1, next.pqRatchet()), parse(unknown, 0, new byte[] { 1, 9, 1, 0 }),
				parse(unknown, 0, new byte[] { 1, 1, (byte) 0xFF, (byte) 0xFF, 3, 0 }))) {
			assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> session.jump(tooFar));
		}
	}

	private static SignalMessage parse(EcPublicKey ratchetKey, int counter, byte[] pqRatchet) {
		return SignalMessage.parse(frame(body(ratchetKey, counter, new byte[16], pqRatchet)), 1);
	}

	@Test
	void archivedSessionsHaveOneBudgetOfSkippedMessages() {
		List<byte[]> frames = new ArrayList<>();
		establish();
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "answer"));
		SessionCipher cipher = this.alice.cipher();
		for (int i = 0; i < 1500; i++) {
			frames.add(cipher.encrypt(this.bob.address, new byte[1]));
		}
		establish();
		assertThat(this.bob.cipher().decrypt(this.alice.address, frames.get(1499))).hasSize(1);
		establish();
		assertRefused(frames.get(1499));
		assertThat(this.bob.cipher().decrypt(this.alice.address, frames.get(900))).hasSize(1);
	}

	@Test
	void whatCostsNoMoreThanAnHonestMessageIsDecryptedWithLittleEffort() {
		this.alice.process(this.bob);
		decryptCheaply(this.alice.encrypt(this.bob, "first"));
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "answer"));
		decryptCheaply(this.alice.encrypt(this.bob, "new ratchet key"));
		byte[] late = this.alice.encrypt(this.bob, "late");
		establish();
		decryptCheaply(late);
		for (int i = 0; i < 99; i++) {
			this.alice.encrypt(this.bob, "lost");
		}
		decryptCheaply(this.alice.encrypt(this.bob, "after a loss"));
	}

	@Test
	void whatCostsMoreIsDeferred() {
		establish();
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "answer"));
		byte[] late = this.alice.encrypt(this.bob, "of an archived session, with a new ratchet key");
		establish();
		for (int i = 0; i < 101; i++) {
			this.alice.encrypt(this.bob, "lost");
		}
		for (byte[] frame : List.of(late, this.alice.encrypt(this.bob, "after a long loss"))) {
			SessionCipher cipher = this.bob.cipher();
			assertThatExceptionOfType(MessageDeferredException.class)
				.isThrownBy(() -> cipher.decryptIfCheap(this.alice.address, frame));
			assertThat(cipher.changes()).isEmpty();
			this.bob.decrypt(this.alice, frame);
		}
	}

	private void decryptCheaply(byte[] frame) {
		SessionCipher cipher = this.bob.cipher();
		cipher.decryptIfCheap(this.alice.address, frame);
		this.bob.store.commit(cipher.changes());
	}

	@Test
	void aSeenBaseKeyIsFoundBeforeAnyKeyIsAgreedOn() {
		this.alice.process(this.bob, this.bob.bundle(null));
		byte[] frame = this.alice.encrypt(this.bob, "once");
		this.bob.decrypt(this.alice, frame);
		SignalStore forgetful = watched((method) -> method.equals("session") ? null : method);
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> this.bob.cipher(forgetful).decrypt(this.alice.address, frame))
			.withMessageContaining("reused base key");
		assertThat(this.asked).contains("isBaseKeySeen").doesNotContain("signedPreKey", "kyberPreKey");
	}

	@Test
	void aSessionKeepsTwoThousandSkippedMessagesOfAllItsChains() {
		establish();
		List<byte[]> first = new ArrayList<>();
		for (int chain = 0; chain < 3; chain++) {
			SessionCipher cipher = this.alice.cipher();
			byte[] last = new byte[0];
			for (int i = 0; i <= 900; i++) {
				last = cipher.encrypt(this.bob.address, new byte[1]);
				if (i == 0) {
					first.add(last);
				}
			}
			this.alice.store.commit(cipher.changes());
			this.bob.decrypt(this.alice, last);
			this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "answer"));
		}
		int skipped = this.bob.record(this.alice)
			.current()
			.ratchet()
			.receivers()
			.stream()
			.mapToInt(RatchetSnapshot::skipped)
			.sum();
		assertThat(skipped).isEqualTo(2000);
	}

	private Throwable assertRefused(byte[] frame) {
		this.asked.clear();
		SessionCipher cipher = this.bob.cipher(watched(UnaryOperator.identity()));
		InvalidMessageException refusal = catchThrowableOfType(InvalidMessageException.class,
				() -> cipher.decrypt(this.alice.address, frame));
		assertThat(refusal).isNotNull();
		assertThat(cipher.changes()).isEmpty();
		return refusal;
	}

	/**
	 * Bob's store, which notes what it is asked.
	 * @param answer returns the method, or {@code null} for an answer that nothing is
	 * there
	 */
	private SignalStore watched(UnaryOperator<String> answer) {
		return (SignalStore) Proxy.newProxyInstance(SignalStore.class.getClassLoader(),
				new Class<?>[] { SignalStore.class }, (proxy, method, arguments) -> {
					this.asked.add(method.getName());
					return (answer.apply(method.getName()) != null) ? method.invoke(this.bob.store, arguments) : null;
				});
	}

	private static byte[] body(EcPublicKey ratchetKey, int counter, byte[] ciphertext, byte[] pqRatchet) {
		return new ProtobufWriter().bytes(1, ratchetKey.encode())
			.uint32(2, counter)
			.bytes(4, ciphertext)
			.bytesUnlessEmpty(5, pqRatchet)
			.toByteArray();
	}

	private static byte[] frame(byte[] body) {
		byte[] frame = new byte[2 + body.length + 8];
		frame[0] = SignalMessage.FRAME_TYPE;
		frame[1] = SignalMessage.VERSION_BYTE;
		System.arraycopy(body, 0, frame, 2, body.length);
		return frame;
	}

}
