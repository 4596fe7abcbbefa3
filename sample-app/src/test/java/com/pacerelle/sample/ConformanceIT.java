package com.pacerelle.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.sample.NativePerson.ReceivedReply;
import com.pacerelle.sample.TwinAgents.Pair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static com.pacerelle.sample.SdkCall.toAlice;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The published SDK is the judge of what goes over the wire: each of its methods and ours
 * are called with the same arguments, a native person decrypts what comes, and plaintexts
 * and envelopes are the same but for what is random.
 */
@RequiresPython
class ConformanceIT {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String TESTS_OF_THE_CLIENT = "pacerelle-client/src/test/java/com/pacerelle/client/";

	private static final String TESTS_OF_THE_SAMPLE = "sample-app/src/test/java/com/pacerelle/sample/";

	/** The methods that send no message, and the test of what we have in their place. */
	private static final Map<String, String> TESTS_OF_OTHER_METHODS = Map.ofEntries(
			Map.entry("connect", TESTS_OF_THE_SAMPLE + "ConformanceIT"),
			Map.entry("on_message", TESTS_OF_THE_SAMPLE + "ConformanceIT"),
			Map.entry("publish_prekey_bundle", TESTS_OF_THE_SAMPLE + "ConformanceIT"),
			Map.entry("get_verification_code", TESTS_OF_THE_SAMPLE + "ConformanceIT"),
			Map.entry("upload_file", TESTS_OF_THE_SAMPLE + "ConformanceIT"),
			Map.entry("download_attachment", TESTS_OF_THE_SAMPLE + "SdkFilesIT"),
			Map.entry("seal_conversation_history", TESTS_OF_THE_SAMPLE + "GroupIT"),
			Map.entry("open_conversation_history", TESTS_OF_THE_SAMPLE + "GroupIT"),
			Map.entry("begin_agent_connect", TESTS_OF_THE_SAMPLE + "AgentConnectIT"),
			Map.entry("exchange_agent_connect_code", TESTS_OF_THE_SAMPLE + "AgentConnectIT"),
			Map.entry("request_agent_runtime_token", TESTS_OF_THE_SAMPLE + "AgentConnectIT"),
			Map.entry("on_identity_changed", TESTS_OF_THE_CLIENT + "ConversationsWithPeopleTests"),
			Map.entry("close", TESTS_OF_THE_SAMPLE + "StartAndStopIT"));

	private static final byte[] REPORT = "All is well".getBytes(StandardCharsets.UTF_8);

	private static final String REPORT_B64 = Base64.getEncoder().encodeToString(REPORT);

	private static final String EXPIRES_AT = "2026-05-23T12:00:00.250Z";

	private static final Instant EXPIRY = Instant.parse(EXPIRES_AT);

	@AutoClose
	private static TwinAgents agents;

	@BeforeAll
	static void meetAlice(@TempDir Path directory) {
		agents = new TwinAgents(directory);
		agents.receive(Messages.exactly("Hello", "").withId("hello"));
		agents.upload(Map.of("name", "report.txt", "data", REPORT_B64, "mime", "text/plain"),
				AgentFile.of("report.txt", REPORT).mime("text/plain"));
	}

	@AfterAll
	static void nothingWasAgainstTheProtocol() {
		agents.verify();
	}

	static Stream<SdkCall> calls() {
		return Stream
			.of(messages(), files(), confirms(), choices(), permissions(), forms(), progresses(), filePickers(),
					datetimes(), updates())
			.flatMap(List::stream);
	}

	private static List<SdkCall> messages() {
		return List.of(
				toAlice("send_message", Map.of("text", "Grüße 👋"),
						(agents) -> agents.conversation().sendMessage("Grüße 👋")),
				toAlice("send_message", Map.of("text", "{\"not\": \"a widget\"}"),
						(agents) -> agents.conversation().sendMessage("{\"not\": \"a widget\"}")),
				toAlice("send_message", Map.of("text", "Hi", "reply_to_message_id", "hello"),
						(agents) -> agents.conversation().replyingTo("hello").sendMessage("Hi")),
				toAlice("send_message", Map.of("text", "Hi", "to_device_id", "phone"),
						(agents) -> agents.conversation().onDevice("phone").sendMessage("Hi")),
				new SdkCall("reply", Map.of("message", "hello", "text", "Hi"),
						(agents) -> agents.handled("hello").conversation().sendMessage("Hi")));
	}

	private static List<SdkCall> files() {
		AgentFile report = AgentFile.of("report.txt", REPORT).mime("text/plain");
		AgentFile chart = AgentFile.of("chart.png", REPORT).mime("image/png");
		return List.of(
				toAlice("send_message", Map.of("text", "The report", "attachments", List.of(0)),
						(agents) -> agents.conversation()
							.send(new Reply("The report", List.of(AgentFile.of(agents.uploaded()))))),
				new SdkCall("reply", Map.of("message", "hello", "text", "", "attachments", List.of(0)),
						(agents) -> agents.handled("hello").conversation().send(AgentFile.of(agents.uploaded()))),
				toAlice("send_file", Map.of("name", "report.txt", "data", REPORT_B64, "mime", "text/plain"), report),
				toAlice("send_file",
						Map.of("name", "report", "data", "", "text", "Empty", "reply_to_message_id", "hello"),
						(agents) -> agents.conversation()
							.replyingTo("hello")
							.send(new Reply("Empty",
									List.of(AgentFile.of("report", new byte[0]).mime("application/octet-stream"))))),
				toAlice("send_media", Map.of("name", "chart.png", "data", REPORT_B64, "mime", "image/png"), chart),
				toAlice("send_media",
						Map.of("name", "chart.png", "data", REPORT_B64, "mime", "image/png", "text", "The chart",
								"reply_to_message_id", "hello", "width", 640, "height", 480, "duration_ms", 1500,
								"thumbnail_blob_id", "thumbnail"),
						(agents) -> agents.conversation()
							.replyingTo("hello")
							.send(new Reply("The chart",
									List.of(chart.dimensions(640, 480)
										.duration(Duration.ofMillis(1500))
										.thumbnailBlobId("thumbnail"))))));
	}

	private static List<SdkCall> confirms() {
		return List.of(toAlice("send_confirm_widget", Map.of("title", "Sure?"), Confirm.of("Sure?")),
				toAlice("send_confirm_widget", Map.of("title", "Sure?", "danger", false, "widget_id", "sure"),
						Confirm.of("Sure?").id("sure").danger(false)),
				toAlice("send_confirm_widget",
						Map.of("title", "Delete?", "body", "All of it.", "danger", true, "labels",
								Map.of("yes", "Delete", "no", "Keep"), "widget_id", "delete", "expires_at", EXPIRES_AT,
								"response_mode", "collective"),
						Confirm.of("Delete?")
							.id("delete")
							.body("All of it.")
							.danger()
							.labels("Delete", "Keep")
							.expiresAt(EXPIRY)
							.responseMode(ResponseMode.COLLECTIVE)));
	}

	private static List<SdkCall> choices() {
		List<Map<String, String>> options = List.of(Map.of("id", "pdf", "label", "PDF"),
				Map.of("id", "md", "label", "Markdown"));
		List<Option> ours = List.of(new Option("pdf", "PDF"), new Option("md", "Markdown"));
		return List.of(
				toAlice("send_choice_widget", Map.of("title", "Format", "options", options),
						Choice.of("Format").options(ours)),
				toAlice("send_choice_widget",
						Map.of("title", "Format", "body", "Of the export", "options", options, "multi", false,
								"widget_id", "format", "expires_at", EXPIRES_AT, "response_mode", "individual"),
						Choice.of("Format")
							.id("format")
							.options(ours)
							.body("Of the export")
							.with("multi", false)
							.expiresAt(EXPIRY)
							.responseMode(ResponseMode.INDIVIDUAL)),
				toAlice("send_choice_widget", Map.of("title", "Formats", "options", options, "multi", true),
						Choices.of("Formats").options(ours)));
	}

	private static List<SdkCall> permissions() {
		return List.of(toAlice("send_permission_widget", Map.of("title", "Read?"), Permission.of("Read?")),
				toAlice("send_permission_widget",
						Map.of("title", "Read?", "body", "The folder", "scopes", List.of("once", "session"),
								"widget_id", "read", "expires_at", EXPIRES_AT),
						Permission.of("Read?")
							.id("read")
							.body("The folder")
							.scopes(PermissionScope.ONCE, PermissionScope.SESSION)
							.expiresAt(EXPIRY)));
	}

	private static List<SdkCall> forms() {
		List<Map<String, Object>> fields = List.of(
				Map.of("name", "version", "label", "Version", "type", "text", "required", true),
				Map.of("name", "priority", "label", "Priority", "type", "number", "min", 1, "max", 4.5),
				Map.of("name", "notes", "label", "Notes", "type", "textarea", "required", false),
				Map.of("name", "announce", "label", "Announce", "type", "checkbox"),
				Map.of("name", "contact", "label", "Contact", "type", "email"));
		List<FormField> ours = List.of(FormField.text("version", "Version").required(),
				FormField.number("priority", "Priority").min(1).max(4.5),
				FormField.textarea("notes", "Notes").required(false), FormField.checkbox("announce", "Announce"),
				FormField.email("contact", "Contact"));
		return List.of(
				toAlice("send_form_widget", Map.of("title", "Release", "fields", fields),
						Form.of("Release").fields(ours)),
				toAlice("send_form_widget",
						Map.of("title", "Release", "body", "What is in it?", "fields", fields, "submitLabel", "Go",
								"widget_id", "release", "expires_at", EXPIRES_AT),
						Form.of("Release")
							.id("release")
							.body("What is in it?")
							.fields(ours)
							.submitLabel("Go")
							.expiresAt(EXPIRY)));
	}

	private static List<SdkCall> progresses() {
		return List.of(
				toAlice("send_progress_widget", Map.of("title", "Build", "value", 10, "max", 100),
						Progress.of("Build", 10, 100)),
				toAlice("send_progress_widget",
						Map.of("title", "Build", "body", "Compiling", "value", 0.5, "max", 1, "cancellable", true,
								"widget_id", "build", "expires_at", EXPIRES_AT, "younger", List.of(1)),
						Progress.of("Build", 0.5, 1)
							.id("build")
							.body("Compiling")
							.cancellable()
							.with("younger", List.of(1))
							.expiresAt(EXPIRY)));
	}

	private static List<SdkCall> filePickers() {
		return List
			.of(toAlice("send_file_picker_widget", Map.of("title", "The brief"), FilePicker.of("The brief")), toAlice(
					"send_file_picker_widget",
					Map.of("title", "The brief", "body", "Please", "multiple", true, "accept",
							List.of("image/*", ".pdf"), "max_files", 3, "widget_id", "brief", "expires_at", EXPIRES_AT),
					FilePicker.of("The brief")
						.id("brief")
						.body("Please")
						.multiple()
						.accept("image/*", ".pdf")
						.maxFiles(3)
						.expiresAt(EXPIRY)));
	}

	private static List<SdkCall> datetimes() {
		return List.of(
				toAlice("send_datetime_widget", Map.of("title", "When?", "mode", "date", "min", "2026-05-23"),
						DateTime.date("When?").min(LocalDate.of(2026, 5, 23))),
				toAlice("send_datetime_widget", Map.of("title", "When?", "mode", "time", "max", "17:30"),
						DateTime.time("When?").max(LocalTime.of(17, 30))),
				toAlice("send_datetime_widget",
						Map.of("title", "When?", "mode", "datetime", "body", "The review", "min", "2026-05-23T09:00",
								"max", "2026-05-24T17:30", "widget_id", "review", "expires_at", EXPIRES_AT),
						DateTime.dateTime("When?")
							.id("review")
							.body("The review")
							.min(LocalDateTime.of(2026, 5, 23, 9, 0))
							.max(LocalDateTime.of(2026, 5, 24, 17, 30))
							.expiresAt(EXPIRY)));
	}

	private static List<SdkCall> updates() {
		return List.of(
				toAlice("send_widget_update",
						Map.of("ref", "build", "spec", Map.of("value", 65, "body", "Almost done")),
						WidgetUpdate.of("build").value(65).body("Almost done")),
				toAlice("send_widget_update", Map.of("ref", "build", "expires_at", EXPIRES_AT, "widget_id", "later"),
						WidgetUpdate.of("build").expiresAt(EXPIRY).id("later")));
	}

	@Test
	void everyMethodOfThePublishedSdkIsKnownHere() {
		Set<String> known = new HashSet<>(TESTS_OF_OTHER_METHODS.keySet());
		calls().map(SdkCall::method).forEach(known::add);
		assertThat(agents.sdkMethods().keySet()).containsExactlyInAnyOrderElementsOf(known);
		assertThat(TESTS_OF_OTHER_METHODS.values())
			.allSatisfy((test) -> assertThat(Path.of("..", test + ".java")).exists());
	}

	@Test
	void everyParameterOfTheComparedMethodsIsGiven() {
		Map<String, Set<String>> parameters = agents.sdkMethods();
		Map<String, Set<String>> given = new HashMap<>();
		calls().forEach((call) -> given.computeIfAbsent(call.method(), (method) -> new HashSet<>())
			.addAll(call.arguments().keySet()));
		given.forEach((method, names) -> assertThat(names).as(method).containsAll(parameters.get(method)));
	}

	@ParameterizedTest
	@MethodSource("calls")
	void sendsTheSame(SdkCall call) {
		Pair<ReceivedReply> sent = agents.send(call);
		assertThat(Wire.of(sent.ours())).isEqualTo(Wire.of(sent.theirs()));
	}

	@Test
	void uploadsTheSame() {
		Pair<List<Integer>> sizes = agents.blobSizes();
		assertThat(sizes.ours()).isEqualTo(sizes.theirs());
	}

	@Test
	void publishesTheSame() {
		Pair<JsonNode> bundles = agents.bundles();
		assertThat(shape(bundles.ours())).isEqualTo(shape(bundles.theirs()));
		assertThat(agents.stats().ours().requests()).isEqualTo(agents.stats().theirs().requests());
	}

	/** Keys are as long, ids are each agent's own. */
	private static JsonNode shape(JsonNode published) {
		ObjectNode shape = JSON.createObjectNode();
		published.forEachEntry((name, value) -> {
			if (value instanceof ArrayNode array) {
				ArrayNode shapes = shape.putArray(name);
				array.forEach((element) -> shapes.add(element.isObject() ? shape(element) : element));
			}
			else if (value.isObject()) {
				shape.set(name, shape(value));
			}
			else if (value.isString()) {
				shape.put(name, Base64.getDecoder().decode(value.stringValue()).length + " bytes");
			}
			else if (name.endsWith("prekey_id") || name.equals("registration_id")) {
				shape.put(name, "an id");
			}
			else if (!name.equals("re")) {
				shape.set(name, value);
			}
		});
		return shape;
	}

	@Test
	void tellsTheVerificationCodeOfWhatItHasPublished() {
		assertThat(agents.verificationCodes()).isEqualTo(
				new Pair<>(agents.stats().theirs().verificationCode(), agents.stats().ours().verificationCode()));
	}

	static Stream<String> payloads() {
		return Stream.of("Hello", "{\"not\":\"a widget\"}", "{not JSON", "",
				"{\"kind\":\"chat.message\",\"text\":\"Hello\",\"attachments\":[]}",
				"{\"kind\":\"chat.message\",\"text\":\"Look\",\"attachments\":[{\"id\":\"a1\",\"blob_id\":\"b1\","
						+ "\"key_b64\":\"AAAA\",\"iv_b64\":\"BBBB\",\"name\":\"real.png\",\"mime\":\"image/png\","
						+ "\"size\":10,\"width\":3,\"height\":4,\"duration_ms\":5}]}",
				"{\"kind\":\"chat.message\",\"text\":\"Look\",\"attachments\":[{\"id\":\"a1\",\"key_b64\":\"AAAA\","
						+ "\"iv_b64\":\"BBBB\",\"name\":\"\",\"mime\":7,\"size\":-1,\"width\":1.5}]}",
				"{\"kind\":\"chat.message\",\"text\":1}", response("\"value\":true"), response("\"value\":\"pdf\""),
				response("\"value\":[\"lint\",\"test\"]"), response("\"value\":{\"granted\":true,\"scope\":\"once\"}"),
				response("\"value\":{\"version\":\"1\",\"priority\":4.5,\"notes\":null}"),
				response("\"value\":{\"cancelled\":true}"), response("\"cancelled\":true"),
				response("\"cancelled\":\"true\",\"value\":null"),
				"{\"type\":\"widget.response\",\"id\":1,\"ref\":\"w1\",\"value\":true}",
				"{\"type\":\"widget.update\",\"id\":\"u1\",\"v\":1,\"ref\":\"w1\",\"patch\":{\"spec\":{\"value\":65}}}",
				"{\"type\":\"widget.update\",\"id\":\"u1\",\"v\":1,\"ref\":\"w1\",\"patch\":null}");
	}

	private static String response(String rest) {
		return "{\"type\":\"widget.response\",\"id\":\"r1\",\"v\":1,\"ref\":\"w1\"," + rest + "}";
	}

	@ParameterizedTest
	@MethodSource("payloads")
	void handlerGetsTheSame(String payload) {
		String id = "payload-" + Integer.toHexString(payload.hashCode());
		if (payload.contains("widget.response")) {
			// Answers count only to what was asked.
			agents.send(toAlice("send_confirm_widget", Map.of("title", "Sure?", "widget_id", "w1"),
					Confirm.of("Sure?").id("w1")));
		}
		agents.receive(Messages.exactly(payload, "")
			.withId(id)
			.withField("reply_to_message_id", "earlier")
			.withField("attachments",
					List.of(Map.of("id", "a1", "name", "attachment", "mime", "application/octet-stream", "size", 99,
							"blob_id", "b1", "sha256", "hash", "width", 30, "thumbnail_blob_id", "t1"),
							Map.of("id", "a2", "name", "incomplete"))));
		ObjectNode theirs = (ObjectNode) agents.theirsHandled(id);
		if (!theirs.get("widget_response").isNull() || !theirs.get("widget_update").isNull()) {
			// The SDK puts words of its own in the place of a text.
			theirs.put("text", "");
		}
		// The SDK hands out what no secret names, which the relay could have added.
		theirs.set("attachments",
				JSON.createArrayNode()
					.addAll(theirs.get("attachments")
						.valueStream()
						.filter((attachment) -> attachment.path("key_b64").isString())
						.toList()));
		assertThat(asTheSdkHasIt(agents.handled(id).message())).isEqualTo(theirs.without("raw"));
	}

	private static JsonNode asTheSdkHasIt(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		WidgetUpdate update = message.widgetUpdate();
		Map<String, @Nullable Object> fields = new HashMap<>();
		fields.put("id", message.id());
		fields.put("conversation_id", message.conversationId());
		fields.put("from_id", message.from());
		fields.put("from_device_id", message.fromDeviceId());
		fields.put("encrypted", message.encrypted());
		fields.put("text", message.text());
		fields.put("attachments", message.attachments().stream().map(ConformanceIT::asTheSdkHasIt).toList());
		fields.put("reply_to_message_id", message.replyToMessageId());
		fields.put("widget_response", (response != null) ? asTheSdkHasIt(response) : null);
		fields.put("widget_update",
				(update != null) ? Map.of("id", update.id(), "ref", update.ref(), "patch", update.patch()) : null);
		return JSON.readTree(JSON.writeValueAsString(fields));
	}

	private static Map<String, @Nullable Object> asTheSdkHasIt(WidgetResponse response) {
		Map<String, @Nullable Object> fields = new HashMap<>();
		fields.put("id", response.id());
		fields.put("ref", response.ref());
		fields.put("value", response.value());
		fields.put("cancelled", response.cancelled());
		return fields;
	}

	private static Map<String, @Nullable Object> asTheSdkHasIt(AgentAttachment attachment) {
		Map<String, @Nullable Object> fields = new HashMap<>();
		fields.put("id", attachment.id());
		fields.put("name", attachment.name());
		fields.put("mime", attachment.mime());
		fields.put("size", attachment.size());
		fields.put("blob_id", attachment.blobId());
		fields.put("sha256", attachment.sha256());
		fields.put("width", attachment.width());
		fields.put("height", attachment.height());
		fields.put("duration_ms", attachment.durationMs());
		fields.put("thumbnail_blob_id", attachment.thumbnailBlobId());
		fields.put("key_b64", attachment.keyB64());
		fields.put("iv_b64", attachment.ivB64());
		return fields;
	}

}
