package com.pacerelle.signal;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may end up in a log tells nothing.
 */
class RedactionTests {

	private static final Person BOB = new Person("bob");

	private static final byte[] KEY = BOB.store.identityKeyPair().encodePrivateKey();

	@ParameterizedTest
	@MethodSource
	void keysAreNotPrinted(Object object) {
		String text = object.toString();
		assertThat(text).doesNotContain(Arrays.toString(KEY))
			.doesNotContain(HexFormat.of().formatHex(KEY))
			.doesNotContain(Base64.getEncoder().encodeToString(KEY))
			.doesNotContain(HexFormat.of().formatHex(BOB.store.identityKeyPair().publicKey().encode()));
	}

	static Stream<Object> keysAreNotPrinted() {
		EcKeyPair pair = BOB.store.identityKeyPair();
		return Stream.of(pair, pair.publicKey(), new OneTimePreKey(1, pair), new SignedPreKey(1, pair, KEY),
				new KyberPreKey(1, KEY, KEY, KEY), BOB.bundle(), new StoreChange.SessionUpdated(BOB.address, KEY),
				new StoreChange.IdentitySeen(BOB.address, pair.publicKey()),
				new StoreChange.BaseKeySeen(1, 2, pair.publicKey()), BOB.store, BOB.cipher(), new ChainKey(KEY, 1),
				new RootKey(KEY), new MessageKeys(KEY, KEY, KEY), new SessionRecord(null, List.of(KEY)),
				new Pqxdh.SessionSecrets(new RootKey(KEY), new ChainKey(KEY, 0), KEY),
				new SenderChain(pair, new ChainKey(KEY, 0)),
				new ReceiverChain(pair.publicKey(), new ChainKey(KEY, 0), SkippedKeys.NONE),
				new PendingPreKey(1, 2, 3, KEY, 4));
	}

	@Test
	void publicTypesSayThatTheyAreRedacted() {
		EcKeyPair pair = BOB.store.identityKeyPair();
		assertThat(pair).hasToString("EcKeyPair[redacted]");
		assertThat(pair.publicKey()).hasToString("EcPublicKey[redacted]");
		assertThat(new OneTimePreKey(-1, pair)).hasToString("OneTimePreKey[id=4294967295]");
		assertThat(new SignedPreKey(1, pair, KEY)).hasToString("SignedPreKey[id=1]");
		assertThat(new KyberPreKey(1, KEY, KEY, KEY)).hasToString("KyberPreKey[id=1]");
		assertThat(BOB.bundle()).hasToString("PreKeyBundle[registrationId=5, deviceId=1]");
		assertThat(new StoreChange.SessionUpdated(BOB.address, KEY))
			.hasToString("SessionUpdated[peer=ProtocolAddress[name=bob, deviceId=1]]");
	}

	@Test
	void refusalsDoNotRepeatTheMessage() {
		Person alice = new Person("alice");
		alice.process(BOB);
		byte[] frame = alice.encrypt(BOB, "a secret");
		frame[frame.length - 1] ^= 1;
		Throwable refusal = BOB.refuses(alice, frame, InvalidMessageException.class);
		assertThat(refusal.toString()).doesNotContain("a secret").doesNotContain(HexFormat.of().formatHex(frame));
	}

}
