package com.pacerelle.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A real MCP client starts the bridge's jar, and a person is asked through it.
 */
class McpServerIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final AtomicInteger people = new AtomicInteger();

	@TempDir
	private static Path root;

	private static DevRelay relay;

	private static McpSyncClient client;

	private Person alice;

	private String conversation;

	@BeforeAll
	static void start() {
		relay = DevRelay.start();
		client = McpClient
			.sync(new StdioClientTransport(ServerParameters.builder(BridgeProcess.JAVA)
				.args(BridgeProcess.arguments())
				.env(BridgeProcess.environment(relay, root.resolve("store")))
				.build(), McpJsonDefaults.getMapper()))
			.requestTimeout(PATIENCE)
			.initializationTimeout(PATIENCE)
			.build();
		client.initialize();
		await().atMost(PATIENCE).until(relay::isAgentConnected);
	}

	@AfterAll
	static void stop() {
		client.close();
		relay.close();
	}

	@BeforeEach
	void aPersonWrites() {
		this.alice = relay.person("alice-" + people.incrementAndGet(), "c-1", "phone");
		this.alice.send("Hello");
		JsonNode messages = call("wait_for_messages", Map.of("timeoutSeconds", 100));
		assertThat(messages).hasSize(1);
		assertThat(messages.get(0).get("text").asString()).isEqualTo("Hello");
		this.conversation = messages.get(0).get("conversation").asString();
	}

	@Test
	void theToolsAreDescribed() {
		assertThat(client.listTools().tools()).hasSize(11)
			.allSatisfy((tool) -> assertThat(tool.description()).isNotBlank())
			.extracting(McpSchema.Tool::name)
			.contains("list_conversations", "wait_for_messages", "send_text", "send_file", "show_progress",
					"ask_confirm", "ask_choice", "ask_form", "ask_date", "ask_permission", "ask_file");
	}

	@Test
	void conversationsAreListed() {
		assertThat(call("list_conversations", Map.of())).extracting((known) -> known.get("conversation").asString())
			.contains(this.conversation);
	}

	@Test
	void aTextIsSent() {
		call("send_text", Map.of("conversation", this.conversation, "text", "Good morning"));
		assertThat(received()).isEqualTo("Good morning");
	}

	@Test
	void nobodyIsWrittenToWhoHasNotWritten() {
		assertThat(fail("send_text", Map.of("conversation", "guess", "text", "Buy!")))
			.contains("There is no such conversation");
	}

	@Test
	void noFileIsSentThatNobodyHasAllowed() {
		assertThat(fail("send_file", Map.of("conversation", this.conversation, "path", "/etc/passwd")))
			.contains("PACERELLE_MCP_FILES");
	}

	@Test
	void aConfirmIsAnswered() {
		assertAnswer("ask_confirm", Map.of("question", "Deploy?", "danger", true), true, "true");
	}

	@Test
	void aChoiceIsAnswered() {
		assertAnswer("ask_choice", Map.of("question", "Which?", "options", List.of("red", "green")), "green",
				"\"green\"");
	}

	@Test
	void aFormIsAnswered() {
		assertAnswer("ask_form",
				Map.of("title", "You", "fields",
						List.of(Map.of("name", "age", "label", "Age", "type", "NUMBER", "required", true))),
				Map.of("age", 7), "{\"age\":7}");
	}

	@Test
	void aDateIsAnswered() {
		assertAnswer("ask_date", Map.of("question", "When?", "kind", "DATE"),
				Map.of("mode", "date", "value", "2026-12-24"), "\"2026-12-24\"");
	}

	@Test
	void aPermissionIsAnswered() {
		assertAnswer("ask_permission", Map.of("question", "Read the folder?", "session", true),
				Map.of("granted", true, "scope", "session"), "{\"granted\":true,\"scope\":\"session\"}");
	}

	@Test
	void aQuestionThatIsCancelledHasNoAnswer() {
		CompletableFuture<JsonNode> answer = ask("ask_file", Map.of("question", "The brief?"));
		this.alice.cancel(widgetId());
		assertThat(answer.join().get("reason").asString()).isEqualTo("The person cancelled the question");
	}

	@Test
	void aLateAnswerComesAsAMessage() {
		JsonNode answer = ask("ask_confirm", Map.of("question", "Deploy?", "timeoutSeconds", 0)).join();
		assertThat(answer.get("answered").asBoolean()).isFalse();
		this.alice.answer(widgetId(), true);
		JsonNode late = call("wait_for_messages", Map.of("timeoutSeconds", 100)).get(0).get("lateAnswer");
		assertThat(late.get("questionId")).isEqualTo(answer.get("questionId"));
		assertThat(late.get("value").asBoolean()).isTrue();
	}

	@Test
	void aMessageThatComesWhileAPersonIsAskedWaits() {
		CompletableFuture<JsonNode> answer = ask("ask_confirm", Map.of("question", "Deploy?"));
		String widget = widgetId();
		this.alice.send("One moment");
		this.alice.answer(widget, true);
		assertThat(answer.join().get("value").asBoolean()).isTrue();
		assertThat(call("wait_for_messages", Map.of("timeoutSeconds", 100)).get(0).get("text").asString())
			.isEqualTo("One moment");
	}

	@Test
	void aProgressIsShownAndChanged() {
		Map<String, Object> progress = new HashMap<>(
				Map.of("conversation", this.conversation, "title", "Building", "value", 1, "max", 3));
		String id = call("show_progress", progress).asString();
		assertThat(json(received()).get("kind").asString()).isEqualTo("progress");
		progress.putAll(Map.of("value", 3, "progressId", id));
		call("show_progress", progress);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.alice.received().take(Duration.ofMillis(100)).collectList().block())
				.anySatisfy((message) -> assertThat(message.text()).contains("widget.update", "\"value\":3")));
	}

	private void assertAnswer(String tool, Map<String, ?> arguments, Object answer, String value) {
		CompletableFuture<JsonNode> answered = ask(tool, arguments);
		this.alice.answer(widgetId(), answer);
		assertThat(answered.join().get("answered").asBoolean()).isTrue();
		assertThat(answered.join().get("value")).hasToString(value);
	}

	private CompletableFuture<JsonNode> ask(String tool, Map<String, ?> arguments) {
		Map<String, Object> all = new HashMap<>(Map.of("conversation", this.conversation, "timeoutSeconds", 100));
		all.putAll(arguments);
		return CompletableFuture.supplyAsync(() -> call(tool, all));
	}

	private String widgetId() {
		return json(received()).get("id").asString();
	}

	private String received() {
		return String.valueOf(this.alice.received().blockFirst(PATIENCE).text());
	}

	private static JsonNode call(String tool, Map<String, Object> arguments) {
		CallToolResult result = result(tool, arguments);
		String text = text(result);
		assertThat(result.isError()).as(text).isNotEqualTo(true);
		return text.matches("[\\[{].*") ? json(text) : JsonMapper.shared().valueToTree(text);
	}

	private static String fail(String tool, Map<String, Object> arguments) {
		CallToolResult result = result(tool, arguments);
		assertThat(result.isError()).isTrue();
		return text(result);
	}

	private static CallToolResult result(String tool, Map<String, Object> arguments) {
		return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
	}

	private static String text(CallToolResult result) {
		return ((McpSchema.TextContent) result.content().get(0)).text();
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
