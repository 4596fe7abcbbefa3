package com.pacerelle.client.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.pacerelle.client.codec.GatewayJson;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class InboundFrameFuzzTests {

	@FuzzTest
	void aFrameIsRead(byte[] utf8) {
		InboundFrame frame = InboundFrame.read(utf8);
		if (frame instanceof InboundFrame.Message received) {
			InboundMessage message = received.message();
			assertThat(message.digest()).hasSize(32);
			assertThat(InboundFrame.read(write(message))).isEqualTo(frame);
		}
		else if (frame instanceof InboundFrame.Malformed malformed) {
			assertThat(InboundFrame.isId(malformed.messageId())).isTrue();
			assertThat(InboundFrame.isId(malformed.conversationId())).isTrue();
		}
	}

	private static byte[] write(InboundMessage message) {
		ObjectNode frame = message.fields().deepCopy().put("type", "MSG").put("id", message.id());
		return GatewayJson.MAPPER.writeValueAsBytes(frame);
	}

}
