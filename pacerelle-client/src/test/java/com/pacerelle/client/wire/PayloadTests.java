package com.pacerelle.client.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

class PayloadTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "Hello", " {\"kind\":\"chat.message\",\"text\":\"x\"}", "{", "{}", "{\"kind\":1}",
			"{\"kind\":\"chat.message\",\"text\":1}", "{\"kind\":\"other\",\"text\":\"x\"}", "[1]",
			"{\"type\":\"pacerelle.delivery\",\"v\":2,\"body\":\"x\"}", "{\"a\":1} trailing" })
	void everythingThatIsNoChatMessageIsReadAsItIs(String plaintext) {
		assertThat(text(plaintext)).isEqualTo(plaintext);
	}

	@Test
	void chatMessageIsReadAsItsText() {
		assertThat(text("{\"kind\":\"chat.message\",\"text\":\"Hello\",\"attachments\":[{}],\"x\":1}"))
			.isEqualTo("Hello");
	}

	@Test
	void hostileJsonIsText() {
		String nested = "{\"a\":" + "[".repeat(100_000);
		assertThat(text(nested)).isEqualTo(nested);
		String number = "{\"a\":" + "9".repeat(5_000) + "}";
		assertThat(text(number)).isEqualTo(number);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Hello", "", "{not json", "{\"a\":1}", "[{\"type\":\"widget.standard\"}]" })
	void plainTextIsSentAsItIs(String text) {
		assertThat(Payload.ofText(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"widget.standard\",\"id\":\"1\",\"v\":1,\"kind\":\"confirm\",\"spec\":{}}",
			" {\"type\":\"widget.update\"}", "{\"kind\":\"chat.message\",\"text\":\"x\"}",
			"{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"x\"}" })
	void textThatWouldBeReadAsSomethingElseStaysText(String text) {
		String payload = Payload.ofText(text);
		assertThat(payload).startsWith("{\"").contains("\"kind\":\"chat.message\"");
		assertThat(text(payload)).isEqualTo(text);
	}

	@Test
	void answerHasItsValueAndNoText() {
		Payload.Decoded decoded = decode("""
				{"type":"widget.response","id":"r1","v":1,"ref":"w1","text":"yes",
				 "value":{"a":[true,null,"x"],"long":9007199254740993,"big":123456789012345678901234567890,
				 "exact":0.1000000000000000055511151231257827021181583404541015625}}""");
		Map<String, Object> value = new HashMap<>();
		value.put("a", Arrays.asList(true, null, "x"));
		value.put("long", 9007199254740993L);
		value.put("big", new BigInteger("123456789012345678901234567890"));
		value.put("exact", new BigDecimal("0.1000000000000000055511151231257827021181583404541015625"));
		assertThat(decoded.text()).isEmpty();
		assertThat(decoded.widgetResponse()).isEqualTo(new WidgetResponse("r1", "w1", value, false));
	}

	@Test
	void cancelledAnswerMayLackItsValue() {
		assertThat(decode("{\"type\":\"widget.response\",\"id\":\"r1\",\"ref\":\"w1\",\"cancelled\":true}")
			.widgetResponse()).isEqualTo(new WidgetResponse("r1", "w1", null, true));
		assertThat(
				decode("{\"type\":\"widget.response\",\"id\":\"r1\",\"ref\":\"w1\",\"cancelled\":1}").widgetResponse())
			.isEqualTo(new WidgetResponse("r1", "w1", null, false));
	}

	@Test
	void updateHasItsPatch() {
		Payload.Decoded decoded = decode("""
				{"type":"widget.update","id":"u1","ref":"w1","patch":{"spec":{"value":65,"body":null}}}""");
		Map<String, Object> spec = new HashMap<>();
		spec.put("value", 65L);
		spec.put("body", null);
		assertThat(decoded.widgetUpdate()).isEqualTo(new WidgetUpdate("u1", "w1", Map.of("spec", spec)));
		assertThat(decoded.text()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"widget.response\",\"id\":1,\"ref\":\"w\",\"value\":true}",
			"{\"type\":\"widget.response\",\"id\":\"1\",\"value\":true}",
			"{\"type\":\"widget.update\",\"id\":\"1\",\"ref\":\"w\",\"patch\":[]}",
			"{\"type\":\"widget.update\",\"id\":\"1\",\"ref\":\"w\"}",
			"{\"type\":\"widget.response\",\"id\":\"1\",\"ref\":\"w\",\"value\":1e1001}",
			"{\"type\":\"widget.response\",\"id\":\"1\",\"ref\":\"w\",\"value\":[1e-99999999]}" })
	void incompleteOrMonstrousAnswerIsText(String plaintext) {
		Payload.Decoded decoded = decode(plaintext);
		assertThat(decoded.text()).isEqualTo(plaintext);
		assertThat(decoded.widgetResponse()).isNull();
		assertThat(decoded.widgetUpdate()).isNull();
	}

	@Test
	void encryptedHalfOfAnAttachmentWins() {
		assertThat(attachments("""
				[{"id":"a1","blob_id":"ignored","key_b64":"key","iv_b64":"iv","name":"brief.pdf",
				  "mime":"application/pdf","size":10,"width":3,"height":4,"duration_ms":5}]""", """
				[{"id":"a1","name":"attachment","mime":"application/octet-stream","size":99,"blob_id":"b1",
				  "sha256":"hash","width":30,"thumbnail_blob_id":"t1"}]"""))
			.containsExactly(AgentAttachment.builder("brief.pdf", "application/pdf")
				.id("a1")
				.size(10)
				.blobId("b1")
				.sha256("hash")
				.dimensions(3, 4)
				.durationMs(5L)
				.thumbnailBlobId("t1")
				.key("key", "iv")
				.build());
	}

	@Test
	void envelopeIsReadWhereNothingIsEncrypted() {
		assertThat(attachments("[]", """
				[{"id":"a1","name":"old.txt","mime":"text/plain","size":0,"blob_id":"b1","width":1,"height":2,
				  "duration_ms":3}]""")).containsExactly(AgentAttachment.builder("old.txt", "text/plain")
			.id("a1")
			.size(0)
			.blobId("b1")
			.dimensions(1, 2)
			.durationMs(3L)
			.build());
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"name\":\"\"", "\"mime\":1", "\"size\":-1", "\"size\":1.0", "\"size\":true",
			"\"width\":-1", "\"height\":\"1\"", "\"duration_ms\":99999999999999999999", "\"width\":2147483648" })
	void secretThatDoesNotFitIsIgnored(String field) {
		assertThat(attachments("[{\"id\":\"a1\",\"key_b64\":\"key\",\"iv_b64\":\"iv\"," + field + "}]",
				"[{\"id\":\"a1\",\"name\":\"n\",\"mime\":\"m/m\",\"size\":7,\"blob_id\":\"b1\"}]"))
			.containsExactly(
					AgentAttachment.builder("n", "m/m").id("a1").size(7).blobId("b1").key("key", "iv").build());
	}

	@Test
	void nameOf512CharactersCountsAndALongerOneNot() {
		String envelope = "[{\"id\":\"a1\",\"name\":\"n\",\"mime\":\"m/m\",\"size\":7,\"blob_id\":\"b1\"}]";
		String secret = "[{\"id\":\"a1\",\"key_b64\":\"key\",\"iv_b64\":\"iv\",\"name\":\"%s\"}]";
		assertThat(attachments(secret.formatted("😀".repeat(512)), envelope)).singleElement()
			.returns("😀".repeat(512), AgentAttachment::name);
		assertThat(attachments(secret.formatted("x".repeat(513)), envelope)).singleElement()
			.returns("n", AgentAttachment::name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "1", "[]", "{\"id\":1,\"name\":\"n\",\"mime\":\"m\",\"size\":1,\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"mime\":\"m\",\"size\":1,\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"name\":\"n\",\"mime\":null,\"size\":1,\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"name\":\"n\",\"mime\":\"m\",\"size\":\"1\",\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"name\":\"n\",\"mime\":\"m\",\"size\":1.5,\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"name\":\"n\",\"mime\":\"m\",\"size\":-1,\"blob_id\":\"b\"}",
			"{\"id\":\"a\",\"name\":\"n\",\"mime\":\"m\",\"size\":1}" })
	void incompleteAttachmentIsLeftOut(String attachment) {
		assertThat(attachments("[]", "[" + attachment + "]")).isEmpty();
	}

	@Test
	void secretWithoutKeyIsNoSecret() {
		assertThat(attachments("[{\"id\":\"a1\",\"key_b64\":\"key\",\"name\":\"x\"},7]",
				"[{\"id\":\"a1\",\"name\":\"n\",\"mime\":\"m/m\",\"size\":7,\"blob_id\":\"b1\"}]"))
			.containsExactly(AgentAttachment.builder("n", "m/m").id("a1").size(7).blobId("b1").build());
	}

	@Test
	void attachmentOfAnEncryptedMessageNeedsASecretOfItsOwn() {
		String first = "{\"id\":\"a1\",\"name\":\"n\",\"mime\":\"m/m\",\"size\":7,\"blob_id\":\"b1\"}";
		String again = first.replace("b1", "b2");
		String other = first.replace("a1", "a2");
		String envelope = "[" + other + "," + first + "," + again + "]";
		assertThat(attachments(true, "[{\"id\":\"a1\",\"key_b64\":\"key\",\"iv_b64\":\"iv\"}]", envelope))
			.singleElement()
			.returns("a1", AgentAttachment::id)
			.returns("b1", AgentAttachment::blobId);
		assertThat(attachments(true, "[{\"id\":\"a1\",\"key_b64\":\"key\"}]", envelope)).isEmpty();
		assertThat(attachments(true, "[]", envelope)).isEmpty();
		assertThat(Payload.decode("Hello", true, json(envelope)).attachments()).isEmpty();
		assertThat(Payload.decode("Hello", false, json(envelope)).attachments()).hasSize(3);
	}

	@Test
	void answerHasItsFiles() {
		Payload.Decoded decoded = Payload.decode("""
				{"type":"widget.response","id":"r1","ref":"w1","value":{"files":[{"id":"a1"}]},
				 "attachments":[{"id":"a1","key_b64":"key","iv_b64":"iv","name":"brief.pdf"}]}""", true, json("""
				[{"id":"a1","name":"attachment","mime":"m/m","size":7,"blob_id":"b1"}]"""));
		assertThat(decoded.attachments()).singleElement()
			.returns("brief.pdf", AgentAttachment::name)
			.returns("key", AgentAttachment::keyB64);
	}

	@Test
	void widgetIsWrittenInTheDocumentedShape() {
		Payload.Encoded encoded = Payload.encode(Confirm.of("Sure?")
			.id("w1")
			.expiresAt(Instant.parse("2026-05-23T12:00:00.123456Z"))
			.responseMode(ResponseMode.COLLECTIVE), List.of());
		assertThat(encoded.widgetId()).isEqualTo("w1");
		assertThat(encoded.attachments()).isEmpty();
		assertThat(json(encoded.plaintext())).isEqualTo(json("""
				{"type":"widget.standard","id":"w1","v":1,"kind":"confirm","spec":{"title":"Sure?"},
				 "expires_at":"2026-05-23T12:00:00.123Z","response_mode":"collective"}"""));
	}

	@Test
	void widgetAndUpdateWithoutIdGetOne() {
		assertThat(Payload.encode(Confirm.of("Sure?"), List.of()).widgetId()).hasSize(36);
		assertThat(Payload.encode(WidgetUpdate.of("w1"), List.of()).widgetId()).hasSize(36);
	}

	@Test
	void widgetThatIsNotCompleteIsNotWritten() {
		assertThatIllegalArgumentException().isThrownBy(() -> Payload.encode(Choice.of("Which?").id("w1"), List.of()))
			.withMessage("'options' must have at least one option");
	}

	@Test
	void updateIsWrittenInTheDocumentedShape() {
		Payload.Encoded encoded = Payload.encode(WidgetUpdate.of("w1").value(65).id("u1"), List.of());
		assertThat(encoded.widgetId()).isEqualTo("u1");
		assertThat(json(encoded.plaintext())).isEqualTo(json("""
				{"type":"widget.update","id":"u1","v":1,"ref":"w1","patch":{"spec":{"value":65}}}"""));
	}

	@Test
	void filesAreWrittenWithTheirSecretsInsideAndNoNameOutside() {
		AgentAttachment uploaded = AgentAttachment.builder("chart.png", "image/png")
			.id("a1")
			.size(7)
			.blobId("b1")
			.sha256("hash")
			.dimensions(3, 4)
			.thumbnailBlobId("t1")
			.key("key", "iv")
			.build();
		AgentFile file = AgentFile.of("chart.png", new byte[7]).mime("image/png");
		for (Content content : List.of(new Reply("", List.of(file)), file)) {
			Payload.Encoded encoded = Payload.encode(content, List.of(uploaded));
			assertThat(json(encoded.plaintext())).isEqualTo(json("""
					{"kind":"chat.message","text":"","attachments":[{"id":"a1","blob_id":"b1","key_b64":"key",
					 "iv_b64":"iv","name":"chart.png","mime":"image/png","size":7,"width":3,"height":4}]}"""));
			assertThat(GatewayJson.MAPPER.writeValueAsString(encoded.attachments()))
				.isEqualTo("[{\"id\":\"a1\",\"name\":\"attachment\",\"mime\":\"application/octet-stream\",\"size\":7,"
						+ "\"blob_id\":\"b1\",\"sha256\":\"hash\",\"thumbnail_blob_id\":\"t1\"}]");
		}
	}

	@Test
	void filesThatAreNotUploadedOrHaveNoKeyAreNotWritten() {
		AgentFile file = AgentFile.of("chart.png", new byte[7]).mime("image/png");
		assertThatIllegalArgumentException().isThrownBy(() -> Payload.encode(file, List.of()))
			.withMessage("Each of the 1 files must be uploaded first");
		AgentAttachment keyless = AgentAttachment.builder("chart.png", "image/png")
			.id("a1")
			.size(7)
			.blobId("b1")
			.build();
		assertThatIllegalArgumentException().isThrownBy(() -> Payload.encode(file, List.of(keyless)))
			.withMessage("The attachment a1 has no key: nobody could read it");
	}

	/**
	 * Random damage to payloads of all shapes: whatever comes out is a message.
	 */
	@Test
	void readsWhateverComes() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		List<String> samples = List.of(
				"{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"{\\\"kind\\\":\\\"chat.message\\\"}\"}",
				"{\"kind\":\"chat.message\",\"text\":\"x\",\"attachments\":[{\"id\":\"a\",\"key_b64\":\"k\","
						+ "\"iv_b64\":\"i\",\"size\":1,\"width\":2.5,\"name\":\"n\"}]}",
				"{\"type\":\"widget.response\",\"id\":\"1\",\"ref\":\"w\",\"value\":{\"a\":[1,-2.5e3,true,null]}}",
				"{\"type\":\"widget.update\",\"id\":\"1\",\"ref\":\"w\",\"patch\":{\"spec\":{\"value\":1e9}}}");
		JsonNode envelope = json("[{\"id\":\"a\",\"name\":\"n\",\"mime\":\"m\",\"size\":1,\"blob_id\":\"b\"}]");
		for (int i = 0; i < 20_000; i++) {
			String damaged = damage(samples.get(random.nextInt(samples.size())), random);
			Payload.Decoded decoded = assertDoesNotThrow(() -> Payload.decode(damaged, random.nextBoolean(), envelope),
					() -> "seed " + seed + ": " + damaged);
			if (decoded.widgetResponse() != null || decoded.widgetUpdate() != null) {
				assertThat(decoded.text()).as("seed %d: %s", seed, damaged).isEmpty();
			}
		}
	}

	private static String damage(String sample, Random random) {
		String tokens = "{}[]\",:\\0129eE.-+tfn \u0000\ud83d\ude00\ud800";
		StringBuilder text = new StringBuilder(sample);
		for (int i = random.nextInt(6); i >= 0 && text.length() > 1; i--) {
			int at = random.nextInt(text.length());
			switch (random.nextInt(4)) {
				case 0 -> text.setCharAt(at, tokens.charAt(random.nextInt(tokens.length())));
				case 1 -> text.deleteCharAt(at);
				case 2 -> text.insert(at, tokens.charAt(random.nextInt(tokens.length())));
				default -> {
					String part = text.substring(at, Math.min(text.length(), at + random.nextInt(20)));
					text.insert(at, part.repeat(1 + random.nextInt(100)));
				}
			}
		}
		return text.toString();
	}

	private static List<AgentAttachment> attachments(String secrets, String envelope) {
		return attachments(false, secrets, envelope);
	}

	private static List<AgentAttachment> attachments(boolean encrypted, String secrets, String envelope) {
		return Payload
			.decode("{\"kind\":\"chat.message\",\"text\":\"x\",\"attachments\":" + secrets + "}", encrypted,
					json(envelope))
			.attachments();
	}

	private static String text(String plaintext) {
		return decode(plaintext).text();
	}

	private static Payload.Decoded decode(String plaintext) {
		return Payload.decode(plaintext, true, MissingNode.getInstance());
	}

	private static JsonNode json(String json) {
		return GatewayJson.MAPPER.readTree(json);
	}

}
