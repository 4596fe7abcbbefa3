package com.pacerelle.dev;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AgentFrameTests {

	private static final String MESSAGE = """
			{ "type": "MSG", "id": "0b5a7fd1-93c8-4c35-8d5f-7e9d1c4a1f10", "conversation_id": "conversation", \
			"to": "alice", "payload_b64": "AQID", "encrypted": true }""";

	@Test
	void readsAMessage() {
		AgentFrame frame = AgentFrame.parse(MESSAGE.replace(" }",
				", \"to_device_id\": \"phone\", \"reply_to_message_id\": \"m\", \"attachments\": [], \"history_record\": {} }"));
		assertThat(frame).isInstanceOfSatisfying(AgentFrame.Message.class, (message) -> {
			assertThat(message.to()).isEqualTo("alice");
			assertThat(message.deviceId()).isEqualTo("phone");
			assertThat(message.replyToMessageId()).isEqualTo("m");
			assertThat(message.payload()).containsExactly(1, 2, 3);
		});
	}

	@Test
	void readsAnAcknowledgement() {
		assertThat(AgentFrame.parse("""
				{ "type": "ACK_READ", "to": "alice", "message_id": "m", "conversation_id": "conversation" }"""))
			.isEqualTo(new AgentFrame.AckRead("m", "alice", "conversation"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"MSG"             | "HELLO"               | The frame has an unknown type
			"0b5a7fd1         | "0B5A7FD1             | MSG field 'id' is not a UUID
			true              | false                 | MSG is not encrypted
			"AQID"            | 7                     | The frame field 'payload_b64' is not of type string
			"to": "alice"     | "to": null            | The frame field 'to' is not of type string
			true              | true, "from": "agent" | The frame has the unknown field 'from'
			true              | true, "attachments": 1 | The frame field 'attachments' is not of type array
			""")
	void refusesAMessageThatDepartsFromTheProtocol(String good, String bad, String reason) {
		assertThatExceptionOfType(ProtocolViolationException.class)
			.isThrownBy(() -> AgentFrame.parse(MESSAGE.replace(good, bad)))
			.withMessage(reason);
	}

}
