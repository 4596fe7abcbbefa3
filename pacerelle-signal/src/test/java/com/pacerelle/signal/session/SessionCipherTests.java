package com.pacerelle.signal.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidBundleException;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.MalformedMessageException;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.StaleSessionException;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;
import com.pacerelle.signal.UnknownPreKeyException;
import com.pacerelle.signal.UntrustedIdentityException;
import com.pacerelle.signal.crypto.XEdDsa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sessions between people, through their stores (signal.md section 12).
 */
class SessionCipherTests {

	private final Person alice = new Person("alice");

	private final Person bob = new Person("bob");

	private void establish() {
		this.alice.process(this.bob);
		assertThat(this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"))).isEqualTo("hello");
		assertThat(this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "hi"))).isEqualTo("hi");
	}

	@Test
	void theInitiatorSendsPreKeyMessagesUntilItHasAnAnswer() {
		this.alice.process(this.bob);
		byte[] first = this.alice.encrypt(this.bob, "1");
		byte[] second = this.alice.encrypt(this.bob, "2");
		assertThat(SessionCipher.isPreKeyMessage(first)).isTrue();
		assertThat(SessionCipher.isPreKeyMessage(second)).isTrue();
		assertThat(this.bob.decrypt(this.alice, second)).isEqualTo("2");
		assertThat(this.bob.decrypt(this.alice, first)).isEqualTo("1");
		byte[] answer = this.bob.encrypt(this.alice, "3");
		assertThat(SessionCipher.isPreKeyMessage(answer)).isFalse();
		assertThat(this.alice.decrypt(this.bob, answer)).isEqualTo("3");
		assertThat(SessionCipher.isPreKeyMessage(this.alice.encrypt(this.bob, "4"))).isFalse();
	}

	@Test
	void theFirstMessageUsesTheOneTimePreKeyUp() {
		this.alice.process(this.bob);
		assertThat(this.bob.store.oneTimePreKey(0)).isNotNull();
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		assertThat(this.bob.store.oneTimePreKey(0)).isNull();
		assertThat(this.bob.store.signedPreKey(Person.SIGNED_PRE_KEY_ID)).isNotNull();
		assertThat(this.bob.store.kyberPreKey(Person.KYBER_PRE_KEY_ID)).isNotNull();
	}

	@Test
	void emptyAndLongTextsAreCarried() {
		establish();
		for (String text : List.of("", "x".repeat(15), "x".repeat(16), "\uD83D\uDE80".repeat(25_000))) {
			assertThat(this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, text))).isEqualTo(text);
		}
	}

	@Test
	void aMessageIsDecryptedOnce() {
		establish();
		byte[] frame = this.alice.encrypt(this.bob, "once");
		this.bob.decrypt(this.alice, frame);
		this.bob.refuses(this.alice, frame, DuplicateMessageException.class);
	}

	@Test
	void aCopyOfAUnitOfWorkKnowsWhatWasDoneAndGoesOnByItself() {
		establish();
		byte[] first = this.alice.encrypt(this.bob, "1");
		byte[] second = this.alice.encrypt(this.bob, "2");
		SessionCipher cipher = this.bob.cipher();
		cipher.decrypt(this.alice.address, first);
		SessionCipher copy = cipher.copy();
		assertThatExceptionOfType(DuplicateMessageException.class)
			.isThrownBy(() -> copy.decrypt(this.alice.address, first));
		assertThat(copy.decrypt(this.alice.address, second)).asString().isEqualTo("2");
		assertThat(cipher.decrypt(this.alice.address, second)).asString().isEqualTo("2");
	}

	@Test
	void aCopyThatCreatesASessionLeavesTheOriginalUnchanged() {
		this.alice.process(this.bob);
		SessionCipher cipher = this.bob.cipher();
		SessionCipher copy = cipher.copy();
		copy.decrypt(this.alice.address, this.alice.encrypt(this.bob, "hello"));
		assertThat(copy.changes()).hasAtLeastOneElementOfType(StoreChange.OneTimePreKeyUsed.class);
		assertThat(cipher.changes()).isEmpty();
	}

	@Test
	void theFirstMessageIsDecryptedOnce() {
		this.alice.process(this.bob);
		byte[] frame = this.alice.encrypt(this.bob, "once");
		this.bob.decrypt(this.alice, frame);
		this.bob.refuses(this.alice, frame, DuplicateMessageException.class);
	}

	@Test
	void aDuplicateOfAnArchivedSessionIsToldFromAForgery() {
		establish();
		byte[] frame = this.alice.encrypt(this.bob, "once");
		this.bob.decrypt(this.alice, frame);
		establish();
		this.bob.refuses(this.alice, frame, DuplicateMessageException.class);
	}

	@Test
	void aForgedMessageIsRefusedAndTheGenuineOneStillRead() {
		establish();
		byte[] frame = this.alice.encrypt(this.bob, "genuine");
		byte[] forged = frame.clone();
		forged[forged.length - 1] ^= 1;
		this.bob.refuses(this.alice, forged, InvalidMessageException.class);
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("genuine");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "03", "01", "02", "0144", "0244", "0254", "02440a" })
	void framesThatAreNoMessagesAreMalformed(String hex) {
		byte[] frame = HexFormat.of().parseHex(hex);
		this.bob.refuses(this.alice, frame, MalformedMessageException.class);
	}

	@Test
	void withoutASessionNothingCanBeDecryptedOrEncrypted() {
		establish();
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		Person carol = new Person("carol");
		this.bob.refuses(carol, frame, NoSessionException.class);
		this.bob.refuses((cipher) -> cipher.encrypt(carol.address, frame), NoSessionException.class);
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("hello");
	}

	@Test
	void aMessageUnderTheNameOfAnotherPeerIsRefused() {
		establish();
		Person carol = new Person("carol");
		carol.process(this.bob);
		this.bob.decrypt(carol, carol.encrypt(this.bob, "I am Carol"));
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		this.bob.refuses(carol, frame, InvalidMessageException.class);
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("hello");
	}

	@Test
	void anUnansweredSessionIsStaleAfterThirtyDays() {
		this.alice.process(this.bob);
		this.alice.wait(Duration.ofDays(30));
		byte[] frame = this.alice.encrypt(this.bob, "just in time");
		this.alice.wait(Duration.ofSeconds(1));
		this.alice.refuses((cipher) -> cipher.encrypt(this.bob.address, frame), StaleSessionException.class);
		this.bob.decrypt(this.alice, frame);
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "an answer"));
		assertThat(this.alice.encrypt(this.bob, "not stale any more")).isNotEmpty();
	}

	@Test
	void twoInitiatorsCannotUseTheSameOneTimePreKey() {
		Person carol = new Person("carol");
		PreKeyBundle bundle = this.bob.bundle();
		this.alice.process(this.bob, bundle);
		carol.process(this.bob, bundle);
		byte[] second = carol.encrypt(this.bob, "second");
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "first"));
		this.bob.refuses(carol, second, UnknownPreKeyException.class);
	}

	@Test
	void anIdentityIsTrustedOnFirstUseAndNotReplaced() {
		establish();
		Person impostor = new Person("impostor");
		impostor.process(this.bob);
		byte[] frame = impostor.encrypt(this.bob, "I am Alice");
		this.bob.refuses(this.alice, frame, UntrustedIdentityException.class);
		this.bob.refuses((cipher) -> cipher.process(this.alice.address, impostor.bundle()),
				UntrustedIdentityException.class);
		assertThat(this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "it is me"))).isEqualTo("it is me");
	}

	@Test
	void sessionsOfAnotherIdentityThanTheKnownOneAreNotUsed() {
		establish();
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		EcPublicKey other = new Person("other").store.identityKeyPair().publicKey();
		SignalStore changed = new DelegatingStore(this.bob.store) {

			@Override
			public EcPublicKey identity(ProtocolAddress peer) {
				return other;
			}

		};
		SessionCipher cipher = this.bob.cipher(changed);
		assertThatExceptionOfType(UntrustedIdentityException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, frame));
		assertThatExceptionOfType(UntrustedIdentityException.class)
			.isThrownBy(() -> cipher.encrypt(this.alice.address, frame));
		assertThat(cipher.changes()).isEmpty();
	}

	@Test
	void anIdentityThatAMessageOnlyNamesIsNotTrusted() {
		this.alice.process(this.bob);
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "first"));
		PreKeySignalMessage genuine = PreKeySignalMessage.parse(this.alice.encrypt(this.bob, "second"));
		EcPublicKey other = new Person("other").store.identityKeyPair().publicKey();
		PreKeySignalMessage forged = new PreKeySignalMessage(genuine.version(), genuine.registrationId(),
				genuine.oneTimePreKeyId(), genuine.signedPreKeyId(), genuine.kyberPreKeyId(), genuine.kyberCiphertext(),
				genuine.baseKey(), other, genuine.message());
		SessionCipher cipher = this.bob.cipher(new DelegatingStore(this.bob.store) {

			@Override
			public EcPublicKey identity(ProtocolAddress peer) {
				return null;
			}

		});
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, forged.toFrame()))
			.withMessageContaining("another identity");
		assertThat(cipher.changes()).isEmpty();
	}

	@Test
	void aSessionThatWasLostIsNotCreatedAgainByAReplay() {
		this.alice.process(this.bob, this.bob.bundle(null));
		byte[] frame = this.alice.encrypt(this.bob, "once");
		this.bob.decrypt(this.alice, frame);
		SessionCipher cipher = this.bob.cipher(new DelegatingStore(this.bob.store) {

			@Override
			public StoredSession session(ProtocolAddress peer) {
				return null;
			}

		});
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, frame))
			.withMessageContaining("reused base key");
		assertThat(cipher.changes()).isEmpty();
	}

	@Test
	void bundlesWithWrongSignaturesOrKeysAreRefused() {
		PreKeyBundle good = this.bob.bundle();
		byte[] wrongSignature = good.signedPreKeySignature().clone();
		wrongSignature[10] ^= 1;
		EcPublicKey lowOrder = EcPublicKey.decode(HexFormat.of().parseHex("05" + "00".repeat(32)));
		byte[] wrongType = good.kyberPreKey().clone();
		wrongType[0] = 0x0A;
		for (PreKeyBundle bad : List.of(with(good, 0, good.signedPreKeySignature(), good.kyberPreKey(), null),
				with(good, 128, good.signedPreKeySignature(), good.kyberPreKey(), null),
				with(good, 1, wrongSignature, good.kyberPreKey(), null),
				with(good, 1, new byte[0], good.kyberPreKey(), null),
				with(good, 1, good.signedPreKeySignature(), wrongType, null),
				with(good, 1, good.signedPreKeySignature(), new byte[1569], null),
				with(good, 1, good.signedPreKeySignature(), flipped(good.kyberPreKey()), null),
				with(good, 1, good.signedPreKeySignature(), good.kyberPreKey(), lowOrder))) {
			this.alice.refuses((cipher) -> cipher.process(this.bob.address, bad), InvalidBundleException.class);
		}
	}

	@Test
	void aSignedKyberKeyThatIsNotReducedIsRefused() {
		byte[] malformed = new byte[1569];
		Arrays.fill(malformed, (byte) 0xFF);
		malformed[0] = 8;
		KyberPreKey preKey = new KyberPreKey(1, malformed, new byte[0],
				XEdDsa.sign(this.bob.store.identityKeyPair().encodePrivateKey(), malformed, this.bob.random));
		PreKeyBundle bundle = PreKeyBundle.of(1, this.bob.store.identityKeyPair().publicKey(),
				this.bob.store.signedPreKey(Person.SIGNED_PRE_KEY_ID), preKey, null);
		this.alice.refuses((cipher) -> cipher.process(this.bob.address, bundle), InvalidBundleException.class);
	}

	private static byte[] flipped(byte[] bytes) {
		byte[] flipped = bytes.clone();
		flipped[900] ^= 1;
		return flipped;
	}

	private static PreKeyBundle with(PreKeyBundle bundle, int deviceId, byte[] signature, byte[] kyberPreKey,
			EcPublicKey oneTimePreKey) {
		return new PreKeyBundle(bundle.registrationId(), deviceId, bundle.identityKey(), bundle.signedPreKeyId(),
				bundle.signedPreKey(), signature, bundle.kyberPreKeyId(), kyberPreKey, bundle.kyberPreKeySignature(),
				(oneTimePreKey != null) ? 1 : null, oneTimePreKey);
	}

	@Test
	void aLateMessageBringsItsSessionBack() {
		establish();
		byte[] late = this.alice.encrypt(this.bob, "late");
		EcPublicKey first = this.bob.record(this.alice).current().context().baseKey();
		establish();
		assertThat(this.bob.record(this.alice).current().context().baseKey()).isNotEqualTo(first);
		assertThat(this.bob.decrypt(this.alice, late)).isEqualTo("late");
		assertThat(this.bob.record(this.alice).current().context().baseKey()).isEqualTo(first);
		assertThat(this.bob.record(this.alice).archived()).hasSize(1);
	}

	@Test
	void aLatePreKeyMessageFindsItsArchivedSession() {
		this.alice.process(this.bob);
		List<byte[]> frames = List.of(this.alice.encrypt(this.bob, "1"), this.alice.encrypt(this.bob, "2"));
		this.bob.decrypt(this.alice, frames.get(0));
		establish();
		assertThat(this.bob.decrypt(this.alice, frames.get(1))).isEqualTo("2");
		assertThat(this.bob.record(this.alice).archived()).hasSize(1);
	}

	@Test
	void anArchivedSessionIsNotPendingAnyMore() {
		this.alice.process(this.bob);
		byte[] frame = this.alice.encrypt(this.bob, "1");
		this.bob.decrypt(this.alice, frame);
		byte[] answer = this.bob.encrypt(this.alice, "2");
		this.alice.process(this.bob);
		assertThat(this.alice.decrypt(this.bob, answer)).isEqualTo("2");
		assertThat(SessionCipher.isPreKeyMessage(this.alice.encrypt(this.bob, "3"))).isFalse();
	}

	@Test
	void fortySessionsAreArchived() {
		List<byte[]> late = new ArrayList<>();
		for (int i = 0; i < 42; i++) {
			establish();
			late.add(this.alice.encrypt(this.bob, "late " + i));
		}
		assertThat(this.bob.record(this.alice).archived()).hasSize(40);
		this.bob.refuses(this.alice, late.get(0), InvalidMessageException.class);
		assertThat(this.bob.decrypt(this.alice, late.get(1))).isEqualTo("late 1");
		assertThat(this.bob.record(this.alice).archived()).hasSize(40);
	}

	@Test
	void theMessagesOfFiveRatchetKeysAreKept() {
		establish();
		List<byte[]> late = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			late.add(this.alice.encrypt(this.bob, "late " + i));
			this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "ping"));
			this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "pong"));
		}
		this.bob.refuses(this.alice, late.get(0), InvalidMessageException.class);
		for (int i = 5; i > 0; i--) {
			assertThat(this.bob.decrypt(this.alice, late.get(i))).isEqualTo("late " + i);
		}
	}

	@Test
	void aBurstIsReadInAnyOrder() {
		establish();
		List<byte[]> frames = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			frames.add(this.alice.encrypt(this.bob, "burst"));
		}
		Collections.shuffle(frames, new Random(3));
		frames.forEach((frame) -> assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("burst"));
		frames.forEach((frame) -> this.bob.refuses(this.alice, frame, DuplicateMessageException.class));
	}

	@Test
	void upTo24999MessagesMayBeMissing() {
		establish();
		SessionCipher cipher = this.alice.cipher();
		List<byte[]> frames = new ArrayList<>();
		for (int i = 0; i <= 25_000; i++) {
			frames.add(cipher.encrypt(this.bob.address, new byte[] { '!' }));
		}
		this.bob.refuses(this.alice, frames.get(25_000), InvalidMessageException.class);
		assertThat(this.bob.decrypt(this.alice, frames.get(24_999))).isEqualTo("!");
		assertThat(this.bob.decrypt(this.alice, frames.get(24_998))).isEqualTo("!");
		assertThat(this.bob.decrypt(this.alice, frames.get(23_010))).isEqualTo("!");
		this.bob.refuses(this.alice, frames.get(22_900), DuplicateMessageException.class);
		assertThat(this.bob.decrypt(this.alice, frames.get(25_000))).isEqualTo("!");
	}

	@Test
	void aSessionOfABackupSendsUnderNoRatchetKeyOfTheTimeSince() {
		establish();
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "1"));
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "2"));
		byte[] backup = this.bob.store.session(this.alice.address).session();
		byte[] next = this.alice.encrypt(this.bob, "3");
		EcPublicKey before = SignalMessage.parse(this.bob.encrypt(this.alice, "lost"), 1).ratchetKey();
		this.bob.decrypt(this.alice, next);
		EcPublicKey since = SignalMessage.parse(this.bob.encrypt(this.alice, "lost, too"), 1).ratchetKey();

		this.bob.store.commit(List.of(new StoreChange.SessionUpdated(this.alice.address,
				this.bob.store.session(this.alice.address).version(), SessionCipher.closeForSending(backup))));

		assertThat(backup).containsOnly(0);
		assertThatExceptionOfType(NoSessionException.class).isThrownBy(() -> this.bob.encrypt(this.alice, "?"));
		assertThat(this.bob.decrypt(this.alice, next)).isEqualTo("3");
		byte[] answer = this.bob.encrypt(this.alice, "4");
		assertThat(SignalMessage.parse(answer, 1).ratchetKey()).isNotEqualTo(before).isNotEqualTo(since);
		assertThat(this.alice.decrypt(this.bob, answer)).isEqualTo("4");
	}

	@Test
	void aUnitOfWorkSeesItsOwnChangesAndCommitsThemOnce() {
		this.alice.process(this.bob);
		List<byte[]> frames = List.of(this.alice.encrypt(this.bob, "1"), this.alice.encrypt(this.bob, "2"));
		SessionCipher cipher = this.bob.cipher();
		assertThat(cipher.decrypt(this.alice.address, frames.get(0))).asString().isEqualTo("1");
		assertThatExceptionOfType(DuplicateMessageException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, frames.get(0)));
		assertThat(cipher.decrypt(this.alice.address, frames.get(1))).asString().isEqualTo("2");
		byte[] answer = cipher.encrypt(this.alice.address, new byte[1]);
		assertThat(cipher.changes())
			.hasOnlyElementsOfTypes(StoreChange.BaseKeySeen.class, StoreChange.OneTimePreKeyUsed.class,
					StoreChange.IdentitySeen.class, StoreChange.SessionUpdated.class)
			.hasSize(4);
		this.bob.store.commit(cipher.changes());
		assertThat(this.alice.decrypt(this.bob, answer)).isEqualTo("\0");
	}

	@Test
	void aOneTimePreKeyIsUsedUpWithinAUnitOfWork() {
		Person carol = new Person("carol");
		PreKeyBundle bundle = this.bob.bundle();
		this.alice.process(this.bob, bundle);
		carol.process(this.bob, bundle);
		SessionCipher cipher = this.bob.cipher();
		cipher.decrypt(this.alice.address, this.alice.encrypt(this.bob, "first"));
		List<StoreChange> changes = cipher.changes();
		byte[] second = carol.encrypt(this.bob, "second");
		assertThatExceptionOfType(UnknownPreKeyException.class).isThrownBy(() -> cipher.decrypt(carol.address, second));
		assertThat(cipher.changes()).usingRecursiveComparison().isEqualTo(changes);
	}

	@Test
	void keysOfWrongLengthAreMalformed() {
		assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> EcKeyPair.decode(new byte[31]));
		assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> EcPublicKey.decode(new byte[33]));
	}

}
