package com.pacerelle.signal;

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

	private static final ProtocolAddress PEER = ProtocolAddress.of("bob");

	private static final byte[] KEY = Redaction.secret();

	@ParameterizedTest
	@MethodSource
	void keysAreNotPrinted(Object object) {
		Redaction.assertRedacted(object);
	}

	static Stream<Object> keysAreNotPrinted() {
		EcKeyPair pair = Redaction.PAIR;
		return Stream.of(pair, pair.publicKey(), new OneTimePreKey(1, pair), new SignedPreKey(1, pair, KEY),
				new KyberPreKey(1, KEY, KEY, KEY), bundle(), new StoreChange.SessionUpdated(PEER, 0, KEY),
				new StoreChange.SessionArchived(PEER, pair.publicKey(), List.of(), KEY), new StoredSession(1, KEY),
				new StoreChange.IdentitySeen(PEER, pair.publicKey()),
				new StoreChange.BaseKeySeen(1, 2, pair.publicKey()), new InMemorySignalStore(pair, 5));
	}

	@Test
	void publicTypesSayThatTheyAreRedacted() {
		assertThat(Redaction.PAIR).hasToString("EcKeyPair[redacted]");
		assertThat(Redaction.PAIR.publicKey()).hasToString("EcPublicKey[redacted]");
		assertThat(new OneTimePreKey(-1, Redaction.PAIR)).hasToString("OneTimePreKey[id=4294967295]");
		assertThat(new SignedPreKey(1, Redaction.PAIR, KEY)).hasToString("SignedPreKey[id=1]");
		assertThat(new KyberPreKey(1, KEY, KEY, KEY)).hasToString("KyberPreKey[id=1]");
		assertThat(bundle()).hasToString("PreKeyBundle[registrationId=5, deviceId=1]");
		assertThat(new StoreChange.SessionUpdated(PEER, 0, KEY))
			.hasToString("SessionUpdated[peer=ProtocolAddress[name=bob, deviceId=1]]");
	}

	private static PreKeyBundle bundle() {
		return PreKeyBundle.of(5, Redaction.PAIR.publicKey(), new SignedPreKey(1, Redaction.PAIR, KEY),
				new KyberPreKey(1, KEY, KEY, KEY), new OneTimePreKey(1, Redaction.PAIR));
	}

}
