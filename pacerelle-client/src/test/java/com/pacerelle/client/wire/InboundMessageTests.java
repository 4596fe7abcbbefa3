package com.pacerelle.client.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InboundMessageTests {

	/**
	 * A store outlives the version that wrote it: were the digest another one, a message
	 * that waits in it would be a conflict.
	 */
	@Test
	void digestIsTheSameInEveryVersion() {
		String frame = """
				{"type":"MSG","id":"m1","from":"alice","from_device_id":"phone","conversation_id":"c1","to":"agent-1",
				 "encrypted":true,"payload_b64":"AAAA","reply_to_message_id":"m0","attachments":[{"id":"a1",
				 "name":"attachment","mime":"application/octet-stream","size":1.50,"blob_id":"b1","sha256":null}]}""";
		assertThat(InboundFrame.read(frame.getBytes(StandardCharsets.UTF_8))).isInstanceOfSatisfying(
				InboundFrame.Message.class, (read) -> assertThat(HexFormat.of().formatHex(read.message().digest()))
					.isEqualTo("d64f49ca1d97acd88afeeed0adc60b5d6d1208723073572807ae36f4126b8092"));
	}

}
