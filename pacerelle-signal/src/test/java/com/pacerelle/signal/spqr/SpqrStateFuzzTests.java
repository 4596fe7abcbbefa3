package com.pacerelle.signal.spqr;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.spqr.SpqrException.Reason;

import static org.assertj.core.api.Assertions.assertThat;

class SpqrStateFuzzTests {

	@FuzzTest
	void aStoredStateIsRefusedOrUsable(byte[] blob) {
		SpqrState state;
		try {
			state = SpqrState.decode(blob);
		}
		catch (SpqrException ex) {
			assertThat(ex.reason()).isEqualTo(Reason.STATE_DECODE);
			return;
		}
		byte[] encoded = state.encode();
		assertThat(SpqrState.decode(encoded).encode()).isEqualTo(encoded);
		assertThat(state.send(new SeededRandom(1)).key()).hasSize(32);
	}

}
