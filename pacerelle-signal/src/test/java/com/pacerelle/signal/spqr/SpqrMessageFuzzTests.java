package com.pacerelle.signal.spqr;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.pacerelle.signal.spqr.SpqrException.Reason;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parses what a peer sends, and gives it to both sides of a new session.
 */
class SpqrMessageFuzzTests {

	private static final byte[] AUTH_KEY = new byte[32];

	@FuzzTest
	void aMessageIsRefusedOrWrittenAgain(byte[] bytes) {
		SpqrMessage message;
		try {
			message = SpqrMessage.parse(bytes);
		}
		catch (SpqrException ex) {
			assertThat(ex.reason()).isEqualTo(Reason.MESSAGE_DECODE);
			return;
		}
		byte[] written = message.serialize();
		assertThat(SpqrMessage.parse(written).serialize()).isEqualTo(written);
		for (Direction direction : Direction.values()) {
			receive(SpqrState.initial(direction, AUTH_KEY), bytes);
		}
	}

	private static void receive(SpqrState state, byte[] message) {
		try {
			assertThat(state.receive(message).key()).hasSize(32);
		}
		catch (SpqrException ex) {
			assertThat(ex.reason()).isNotEqualTo(Reason.STATE_DECODE);
		}
	}

}
