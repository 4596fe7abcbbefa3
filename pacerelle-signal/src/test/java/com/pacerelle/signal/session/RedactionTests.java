package com.pacerelle.signal.session;

import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.Redaction;
import com.pacerelle.signal.ratchet.ChainKey;
import com.pacerelle.signal.ratchet.RootKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may end up in a log tells nothing.
 */
class RedactionTests {

	private static final Person BOB = new Person("bob");

	@ParameterizedTest
	@MethodSource
	void keysAreNotPrinted(Object object) {
		Redaction.assertRedacted(object);
	}

	static Stream<Object> keysAreNotPrinted() {
		byte[] key = Redaction.secret();
		SessionCipher cipher = new SessionCipher(new InMemorySignalStore(Redaction.PAIR, 5), BOB.random,
				Clock.systemUTC());
		return Stream.of(cipher, new SessionRecord(null, List.of(key)),
				new Pqxdh.SessionSecrets(new RootKey(key), new ChainKey(key, 0), key),
				new PendingPreKey(1, 2, 3, key, 4));
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
