package com.pacerelle.client.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class InboundFrameTests {

	private static final String VALID = "{\"type\":\"MSG\",\"id\":\"m-1\",\"from\":\"alice\",\"conversation_id\":\"c-1\","
			+ "\"payload_b64\":\"aGk=\",\"encrypted\":true%s}";

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "not json", "{", "[]", "1", "null", "\"MSG\"", "{}", "{\"type\":1}",
			"{\"type\":\"msg\"}", "{\"type\":\"HELLO\"}", "{\"type\":\"MSG\"}", "{\"type\":\"MSG\"} {}",
			"{\"type\":\"MSG\",\"id\":1,\"from\":\"a\",\"conversation_id\":\"c\",\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"\",\"from\":\"a\",\"conversation_id\":\"c\",\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"m\\u0000\",\"from\":\"a\",\"conversation_id\":\"c\",\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"\\ud800\",\"from\":\"a\",\"conversation_id\":\"c\",\"payload_b64\":\"\"}",
			"{\"type\":\"IDENTITY_CHANGED\"}", "{\"type\":\"IDENTITY_CHANGED\",\"user_id\":7}" })
	void whatIsNoMessageIsIgnored(String frame) {
		assertThat(read(frame)).isInstanceOf(InboundFrame.Ignored.class);
	}

	@Test
	void hostileJsonIsIgnored() {
		assertThat(read("[".repeat(100_000))).isInstanceOf(InboundFrame.Ignored.class);
		assertThat(read(VALID.formatted(",\"x\":" + "[".repeat(100_000)))).isInstanceOf(InboundFrame.Ignored.class);
		assertThat(read(VALID.formatted(",\"x\":" + "9".repeat(5_000)))).isInstanceOf(InboundFrame.Ignored.class);
		assertThat(read(VALID.formatted(",\"x\":[" + "[],".repeat(1_000_000) + "0]")))
			.isInstanceOf(InboundFrame.Ignored.class);
	}

	@Test
	void unknownFieldsTakeNoMemoryHoweverManyTokensTheyHave() {
		InboundMessage message = message(VALID.formatted(",\"x\":[" + "0,".repeat(90_000) + "0]"));
		assertThat(nodes(message.fields())).isEqualTo(1 + InboundFrame.DIGEST_FIELDS.size());
	}

	@ParameterizedTest
	@ValueSource(strings = { "to", "reply_to_message_id", "from_device_id", "encrypted" })
	void fieldOfTheWrongTypeTakesNoMemoryWhateverIsInside(String name) {
		assertThat(read(VALID.formatted(",\"" + name + "\":[" + "{},".repeat(30_000) + "0]")))
			.isEqualTo(new InboundFrame.Malformed("m-1", "c-1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0,", "{},", "{\"a\":0},", "[[]],", "\"\"," })
	void attachmentsOfMoreTokensThanTheirSizeAllowsAreIgnored(String element) {
		String few = "[" + element.repeat(10) + "0]";
		assertThat(nodes(message(VALID.formatted(",\"attachments\":" + few)).fields())).isLessThan(256);
		String many = "[" + element.repeat(10_000) + "0]";
		assertThat(read(VALID.formatted(",\"attachments\":" + many))).isInstanceOf(InboundFrame.Ignored.class);
	}

	@Test
	void nodesOfAttachmentsAreInProportionToTheirBytes() {
		for (int padding = 0; padding < 64; padding++) {
			String attachments = "[" + ("{}," + " ".repeat(padding)).repeat(1000) + "0]";
			if (read(VALID.formatted(",\"attachments\":" + attachments)) instanceof InboundFrame.Message read) {
				assertThat(nodes(read.message().fields()))
					.isLessThanOrEqualTo(attachments.length() / InboundFrame.MIN_TOKEN_LENGTH);
			}
		}
	}

	@Test
	void manyRealAttachmentsAreRead() {
		String id = "0b5f9d1e-6a52-4d0c-8f0e-3b1f4f1c2a77";
		String attachment = "{\"id\":\"" + id + "\",\"name\":\"attachment\",\"mime\":\"application/octet-stream\","
				+ "\"size\":7,\"blob_id\":\"" + id + "\"}";
		InboundMessage message = message(VALID.formatted(",\"attachments\":[" + attachment
				+ ("," + attachment).repeat(999) + "],\"reply_to_message_id\":\"r\""));
		assertThat(message.fields().get("attachments")).hasSize(1000);
		assertThat(message.replyToMessageId()).isEqualTo("r");
	}

	@Test
	void lastOfFieldsWithOneNameCounts() {
		assertThat(message(VALID.formatted(",\"from\":\"bob\",\"to\":{},\"to\":null")).from()).isEqualTo("bob");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"MSG\",\"id\":\"m\",\"conversation_id\":\"c\",\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"m\",\"conversation_id\":\"c\",\"from\":7,\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"m\",\"conversation_id\":\"c\",\"from\":\"\",\"payload_b64\":\"\"}",
			"{\"type\":\"MSG\",\"id\":\"m\",\"conversation_id\":\"c\",\"from\":\"a\"}",
			"{\"type\":\"MSG\",\"id\":\"m\",\"conversation_id\":\"c\",\"from\":\"a\",\"payload_b64\":[]}" })
	void messageWithoutSenderOrPayloadIsMalformed(String frame) {
		assertThat(read(frame)).isEqualTo(new InboundFrame.Malformed("m", "c"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"encrypted\":\"true\"", "\"encrypted\":1", "\"from_device_id\":7",
			"\"from_device_id\":\"\\n\"", "\"to\":{}", "\"reply_to_message_id\":[]", "\"attachments\":{}",
			"\"attachments\":\"x\"" })
	void messageWithAFieldOfTheWrongTypeIsMalformed(String field) {
		assertThat(read("{\"type\":\"MSG\",\"id\":\"m\",\"from\":\"a\",\"conversation_id\":\"c\",\"payload_b64\":\"\","
				+ field + "}"))
			.isEqualTo(new InboundFrame.Malformed("m", "c"));
	}

	@Test
	void unknownFieldsAndNullsAreFine() {
		InboundMessage message = message(VALID.formatted(",\"x\":{\"y\":[1.5,null]},\"to\":null,\"attachments\":null,"
				+ "\"from_device_id\":null,\"reply_to_message_id\":null"));
		assertThat(message.conversation()).isEqualTo(new ConversationKey("alice", "c-1"));
		assertThat(message.deviceId()).isNull();
		assertThat(message.encrypted()).isTrue();
		assertThat(message.conversation().isGroup()).isFalse();
	}

	@Test
	void emptyDeviceIsNone() {
		assertThat(message(VALID.formatted(",\"from_device_id\":\"\"")).deviceId()).isNull();
	}

	@Test
	void messageToAGroupIsRecognised() {
		assertThat(message(VALID.formatted(",\"to\":\"group:c-1\"")).conversation().isGroup()).isTrue();
	}

	@Test
	void identityChangeNamesTheUserOrElseTheAgent() {
		assertThat(read("{\"type\":\"IDENTITY_CHANGED\",\"user_id\":\"u\",\"agent_id\":\"a\"}"))
			.isEqualTo(new InboundFrame.IdentityChanged("u"));
		assertThat(read("{\"type\":\"IDENTITY_CHANGED\",\"agent_id\":\"a\"}"))
			.isEqualTo(new InboundFrame.IdentityChanged("a"));
	}

	@Test
	void digestCoversTheFieldsOfTheProtocolAndNothingElse() {
		byte[] digest = message(VALID.formatted("")).digest();
		assertThat(HexFormat.of().formatHex(digest)).hasSize(64);
		assertThat(message(VALID.formatted(",\"x\":1,\"to\":null")).digest()).isEqualTo(digest);
		assertThat(message(VALID.formatted(",\"to\":\"agent-1\"")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted(",\"from_device_id\":\"d\"")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted(",\"reply_to_message_id\":\"r\"")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted(",\"attachments\":[]")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted("").replace("aGk=", "aGo=")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted("").replace("true", "false")).digest()).isNotEqualTo(digest);
		assertThat(message(VALID.formatted("").replace("alice", "bob")).digest()).isNotEqualTo(digest);
	}

	@Test
	void digestDoesNotDependOnTheOrderOfMembers() {
		assertThat(message(VALID.formatted(",\"attachments\":[{\"a\":1,\"b\":\"x\"}]")).digest())
			.isEqualTo(message(VALID.formatted(",\"attachments\":[{\"b\":\"x\",\"a\":1}]")).digest());
	}

	@Test
	void digestIsTheHashOfTheCanonicalJson() {
		assertThat(HexFormat.of().formatHex(message(VALID.formatted(",\"attachments\":[{\"b\":2,\"a\":1}]")).digest()))
			.isEqualTo("cabd27ee4211103a453265be0dc577deef857b9b93cd6429f48cae62b91a18bf");
	}

	@Test
	void contentIsNotInTheDescription() {
		assertThat(message(VALID.formatted("")).toString()).contains("m-1").doesNotContain("aGk=");
	}

	private static int nodes(JsonNode node) {
		int nodes = 1;
		for (JsonNode child : node) {
			nodes += nodes(child);
		}
		return nodes;
	}

	private static InboundMessage message(String frame) {
		return ((InboundFrame.Message) read(frame)).message();
	}

	private static InboundFrame read(String frame) {
		return InboundFrame.read(frame.getBytes(StandardCharsets.UTF_8));
	}

}
