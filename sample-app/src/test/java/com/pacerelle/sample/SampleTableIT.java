package com.pacerelle.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the sample says and understands, row by row, with people on the published SDK's
 * native runtime.
 */
@RequiresPython
class SampleTableIT {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	private static int people;

	private NativePerson alice;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess.sample(peer.access()).start();
		peer.await(connected());
	}

	@BeforeEach
	void join() {
		this.alice = peer.join("alice-" + ++people);
	}

	@Test
	void helpListsTheCommandsOfTheHandlers() {
		say(this.alice, "/help");
		assertThat(texts(this.alice, 1).get(0).lines()).extracting((line) -> line.split(":")[0])
			.containsExactlyInAnyOrder("/help", "/confirm", "/choice", "/choices", "/permission", "/form", "/datetime",
					"/upload", "/progress", "/story", "/ask", "/report", "/chart");
	}

	@ParameterizedTest
	@CsvSource({ "/confirm, confirm, confirm-delete-cache", "/choice, choice, choose-export-format",
			"/choices, choice, choose-checks", "/permission, permission, allow-folder-read",
			"/form, form, release-form", "/datetime, datetime, schedule-review", "/upload, file-picker, upload-brief" })
	void commandSendsTheWidgetOfTheDocumentation(String command, String kind, String id) {
		String message = say(this.alice, command);
		ReceivedReply reply = replies(this.alice, 1).get(0);
		JsonNode widget = MAPPER.readTree(reply.text());
		assertThat(reply.replyTo()).isEqualTo(message);
		assertThat(widget.get("type").stringValue()).isEqualTo("widget.standard");
		assertThat(widget.get("v").intValue()).isOne();
		assertThat(widget.get("kind").stringValue()).isEqualTo(kind);
		assertThat(widget.get("id").stringValue()).isEqualTo(id);
		assertThat(widget.at("/spec/title").stringValue()).isNotBlank();
	}

	@Test
	void optionsFieldsAndLimitsAreThoseOfTheDocumentation() {
		say(this.alice, "/choice");
		say(this.alice, "/choices");
		say(this.alice, "/form");
		say(this.alice, "/datetime");
		List<JsonNode> specs = texts(this.alice, 4).stream().map((text) -> MAPPER.readTree(text).get("spec")).toList();
		assertThat(names(specs.get(0).get("options"), "id")).containsExactly("pdf", "docx", "md");
		assertThat(names(specs.get(1).get("options"), "id")).containsExactly("lint", "test", "build");
		assertThat(specs.get(1).get("multi").booleanValue()).isTrue();
		assertThat(names(specs.get(2).get("fields"), "name")).containsExactly("version", "priority", "notes",
				"announce");
		assertThat(specs.get(2).at("/fields/1/min").intValue()).isOne();
		assertThat(specs.get(2).at("/fields/1/max").intValue()).isEqualTo(5);
		assertThat(specs.get(3).get("mode").stringValue()).isEqualTo("date");
		assertThat(specs.get(3).get("min").stringValue()).isEqualTo("2026-05-23");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/confirm|confirm-delete-cache|true", "/confirm|confirm-delete-cache|false",
					"/choice|choose-export-format|\"md\"", "/choices|choose-checks|[\"lint\",\"build\"]",
					"/permission|allow-folder-read|{\"granted\":true,\"scope\":\"once\"}",
					"/form|release-form|{\"version\":\"1.2\",\"priority\":3,\"notes\":\"é €\",\"announce\":true}",
					"/datetime|schedule-review|{\"mode\":\"date\",\"value\":\"2026-06-01\"}",
					"/confirm|confirm-delete-cache|12.50" })
	void answerIsRepeatedAsCompactJson(String command, String widget, String value) {
		say(this.alice, command);
		replies(this.alice, 1);
		answer(this.alice, widget, value, false);
		assertThat(texts(this.alice, 2)).endsWith(widget + ": " + value);
	}

	@Test
	void cancelledAnswerIsNeverFalse() {
		say(this.alice, "/confirm");
		replies(this.alice, 1);
		answer(this.alice, "confirm-delete-cache", null, true);
		assertThat(texts(this.alice, 2)).endsWith("Cancelled: confirm-delete-cache");
	}

	@Test
	void progressIsOneWidgetThatIsUpdated() {
		say(this.alice, "/progress");
		List<JsonNode> shown = texts(this.alice, 3).stream().map(MAPPER::readTree).toList();
		assertThat(shown.get(0).get("id").stringValue()).isEqualTo("build-progress");
		assertThat(shown.get(0).at("/spec/value").intValue()).isEqualTo(10);
		assertThat(shown.get(0).at("/spec/max").intValue()).isEqualTo(100);
		assertThat(shown.get(0).at("/spec/cancellable").booleanValue()).isTrue();
		assertThat(shown.get(1).get("type").stringValue()).isEqualTo("widget.update");
		assertThat(shown.get(1).get("ref").stringValue()).isEqualTo("build-progress");
		assertThat(shown.get(1).at("/patch/spec/value").intValue()).isEqualTo(75);
		assertThat(shown.get(1).at("/patch/spec/body").stringValue()).isEqualTo("Running tests");
		assertThat(shown.get(2).at("/patch/spec/value").intValue()).isEqualTo(100);
		peer.await(allAcknowledged());
	}

	@Test
	void progressEndsWhenThePersonCancelsIt() {
		say(this.alice, "/progress");
		replies(this.alice, 1);
		answer(this.alice, "build-progress", "{\"cancelled\":true}", false);
		peer.await(allAcknowledged());
		say(this.alice, "next");
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.alice.replies()).extracting(ReceivedReply::text).endsWith("Received: next"));
		assertThat(this.alice.replies()).extracting(ReceivedReply::text)
			.noneMatch((text) -> text.contains("\"value\":100"));
	}

	@ParameterizedTest
	@CsvSource({ "true, You said yes", "false, You said no" })
	void askWaitsForTheAnswerInTheSameHandler(String value, String reply) {
		String message = say(this.alice, "/ask");
		String widget = widgetId(texts(this.alice, 1).get(0));
		peer.await(unacknowledged(1));
		answer(this.alice, widget, value, false);
		ReceivedReply said = replies(this.alice, 2).get(1);
		assertThat(said.text()).isEqualTo(reply);
		assertThat(said.replyTo()).isEqualTo(message);
		peer.await(allAcknowledged());
	}

	@Test
	void twoPeopleAreAskedAtOnce() {
		NativePerson bob = peer.join("bob-" + people);
		say(this.alice, "/ask");
		say(bob, "/ask");
		String first = widgetId(texts(this.alice, 1).get(0));
		String second = widgetId(texts(bob, 1).get(0));
		assertThat(first).isNotEqualTo(second);
		answer(bob, second, "true", false);
		answer(this.alice, first, "false", false);
		assertThat(texts(this.alice, 2).get(1)).isEqualTo("You said no");
		assertThat(texts(bob, 2).get(1)).isEqualTo("You said yes");
	}

	@Test
	void reportIsAFileOfWhichTheRelaySeesNeitherNameNorContent() {
		say(this.alice, "/report");
		ReceivedReply reply = replies(this.alice, 1).get(0);
		JsonNode secret = MAPPER.readTree(reply.text()).at("/attachments/0");
		assertThat(secret.get("name").stringValue()).isEqualTo("report.txt");
		assertThat(secret.get("mime").stringValue()).isEqualTo("text/plain");
		JsonNode seen = reply.envelope().at("/attachments/0");
		assertThat(seen.get("name").stringValue()).isEqualTo("attachment");
		assertThat(seen.get("mime").stringValue()).isEqualTo("application/octet-stream");
		assertThat(new String(decrypt(secret), StandardCharsets.UTF_8)).isEqualTo("All checks have passed.\n");
	}

	@Test
	void chartIsAnImageWithItsSize() {
		say(this.alice, "/chart");
		JsonNode secret = MAPPER.readTree(texts(this.alice, 1).get(0)).at("/attachments/0");
		assertThat(secret.get("mime").stringValue()).isEqualTo("image/png");
		assertThat(secret.get("width").intValue()).isEqualTo(320);
		assertThat(secret.get("height").intValue()).isEqualTo(200);
		assertThat(decrypt(secret)).startsWith(0x89, 'P', 'N', 'G');
	}

	@Test
	void attachmentsAreDescribed() {
		byte[] content = "What people keep to themselves".getBytes(StandardCharsets.UTF_8);
		Upload notes = upload(content);
		this.alice.send(Messages.exactly(notes.plaintext("notes.txt", "text/plain"), "")
			.unanswered()
			.withField("attachments", List.of(notes.seen())));
		assertThat(texts(this.alice, 1))
			.containsExactly("notes.txt, text/plain, " + content.length + " bytes, SHA-256 " + sha256(content));
	}

	@Test
	void anythingElseIsRepeated() {
		say(this.alice, "/unknown command");
		assertThat(texts(this.alice, 1)).containsExactly("Received: /unknown command");
	}

	private String say(NativePerson person, String text) {
		return person.send(Messages.exactly(text, "").unanswered()).ids().get(0);
	}

	private void answer(NativePerson person, String widget, @Nullable String value, boolean cancelled) {
		say(person,
				"{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":\"" + widget + "\""
						+ ((value != null) ? ",\"value\":" + value : "") + (cancelled ? ",\"cancelled\":true" : "")
						+ "}");
	}

	private static String widgetId(String text) {
		return MAPPER.readTree(text).get("id").stringValue();
	}

	private static List<String> names(JsonNode array, String field) {
		List<String> names = new ArrayList<>();
		array.forEach((element) -> names.add(element.get(field).stringValue()));
		return names;
	}

	private List<ReceivedReply> replies(NativePerson person, int count) {
		await().atMost(PATIENCE).until(() -> person.replies().size() >= count);
		return person.replies();
	}

	private List<String> texts(NativePerson person, int count) {
		return replies(person, count).stream().map(ReceivedReply::text).toList();
	}

	private byte[] decrypt(JsonNode secret) {
		return crypt(Cipher.DECRYPT_MODE, secret.get("key_b64").binaryValue(), secret.get("iv_b64").binaryValue(),
				peer.blob(secret.get("blob_id").stringValue()));
	}

	private Upload upload(byte[] content) {
		byte[] key = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
		byte[] iv = "123456789012".getBytes(StandardCharsets.US_ASCII);
		String blobId = UUID.randomUUID().toString();
		peer.putBlob(blobId, crypt(Cipher.ENCRYPT_MODE, key, iv, content));
		return new Upload(blobId, key, iv, content.length);
	}

	private static byte[] crypt(int mode, byte[] key, byte[] iv, byte[] input) {
		try {
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
			return cipher.doFinal(input);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String sha256(byte[] content) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A file of a person.
	 */
	private record Upload(String blobId, byte[] key, byte[] iv, int size) {

		String plaintext(String name, String mime) {
			return MAPPER.writeValueAsString(Map.of("kind", "chat.message", "text", "", "attachments",
					List.of(Map.of("id", "file-1", "blob_id", this.blobId, "key_b64", this.key, "iv_b64", this.iv,
							"name", name, "mime", mime, "size", this.size))));
		}

		Map<String, Object> seen() {
			return Map.of("id", "file-1", "name", "attachment", "mime", "application/octet-stream", "size", this.size,
					"blob_id", this.blobId);
		}

	}

}
