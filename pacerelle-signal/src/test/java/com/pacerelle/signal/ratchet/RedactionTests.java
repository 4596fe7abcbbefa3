package com.pacerelle.signal.ratchet;

import java.util.stream.Stream;

import com.pacerelle.signal.Redaction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What may end up in a log tells nothing.
 */
class RedactionTests {

	@ParameterizedTest
	@MethodSource
	void keysAreNotPrinted(Object object) {
		Redaction.assertRedacted(object);
	}

	static Stream<Object> keysAreNotPrinted() {
		byte[] key = Redaction.secret();
		return Stream.of(new RootKey(key), new ChainKey(key, 1), new MessageKeys(key, key, key),
				new SenderChain(Redaction.PAIR, new ChainKey(key, 0)),
				new ReceiverChain(Redaction.PAIR.publicKey(), new ChainKey(key, 0), SkippedKeys.NONE));
	}

}
