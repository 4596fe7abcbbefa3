package com.pacerelle.signal.session;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.assertj.core.api.Assertions.assertThat;

class SessionRecordFuzzTests {

	@FuzzTest
	void aStoredRecordIsRefusedOrWrittenAgain(byte[] bytes) {
		SessionRecord record;
		try {
			record = SessionRecord.decode(bytes);
		}
		catch (IllegalStateException ex) {
			return;
		}
		byte[] encoded = record.encode();
		assertThat(SessionRecord.decode(encoded).encode()).isEqualTo(encoded);
		record.archived().forEach(SessionRecordFuzzTests::decodeSession);
	}

	private static void decodeSession(byte[] bytes) {
		Session session;
		try {
			session = SessionCodec.decode(bytes);
		}
		catch (IllegalStateException ex) {
			return;
		}
		byte[] encoded = SessionCodec.encode(session);
		assertThat(SessionCodec.encode(SessionCodec.decode(encoded))).isEqualTo(encoded);
		assertThat(SessionCodec.encode(SessionCodec.decode(SessionCodec.encodeStable(session)))).isEqualTo(encoded);
	}

}
