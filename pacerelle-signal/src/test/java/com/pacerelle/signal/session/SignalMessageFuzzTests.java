package com.pacerelle.signal.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.pacerelle.signal.MalformedMessageException;

import static org.assertj.core.api.Assertions.assertThat;

class SignalMessageFuzzTests {

	@FuzzTest
	void aMessageIsRefusedOrWrittenAgain(byte[] frame) {
		try {
			if (frame.length > 0 && frame[0] == PreKeySignalMessage.FRAME_TYPE) {
				PreKeySignalMessage message = PreKeySignalMessage.parse(frame);
				// Only the current version is written.
				if (message.version() == SignalMessage.VERSION) {
					byte[] written = message.toFrame();
					assertThat(PreKeySignalMessage.parse(written).toFrame()).isEqualTo(written);
				}
			}
			else {
				SignalMessage message = SignalMessage.parse(frame, 1);
				assertThat(message.encode(frame[0])).isEqualTo(frame);
			}
		}
		catch (MalformedMessageException ex) {
			// Refused.
		}
	}

}
