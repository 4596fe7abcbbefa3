package com.pacerelle.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.PersonFile;
import com.pacerelle.test.PacerelleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page of the dev relay saves conversations with the sample as tests:
 * {@link SceneTests} and {@link GroupSceneTests} are what it gives, and run.
 */
@PacerelleTest
class SavedSceneTests {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final HttpClient http = HttpClient.newHttpClient();

	@Autowired
	private DevRelay relay;

	@Autowired
	private AgentGatewayClient client;

	@Test
	void savesTheConversationOfAPerson() throws IOException {
		String id = add("/chat/people", Map.of("name", "sasha"));
		post("/chat/messages", Map.of("participant", id, "text", "Hello, \"agent\""));
		awaitScene(id, "receives(text(\"Received: Hello, \\\"agent\\\"\"))");
		Person sasha = this.relay.person("sasha", conversation("sasha"), "browser");
		sasha.send("/confirm");
		awaitScene(id, "receives(confirm(\"confirm-delete-cache\"))");
		sasha.answer("confirm-delete-cache", true);
		awaitScene(id, "receives(text(\"confirm-delete-cache: true\"))");
		sasha.send("/choices");
		awaitScene(id, "receives(choice(\"choose-checks\"))");
		sasha.send("/form");
		awaitScene(id, "receives(form(\"release-form\"))");
		sasha.answer("choose-checks", List.of("lint", "build"));
		awaitScene(id, "receives(text(\"choose-checks: ");
		sasha.answer("release-form", Map.of("version", "1.2"));
		awaitScene(id, "receives(text(\"release-form: ");
		sasha.send("/permission");
		awaitScene(id, "receives(permission(\"allow-folder-read\"))");
		sasha.answer("allow-folder-read", Map.of("granted", false));
		awaitScene(id, "receives(text(\"allow-folder-read: ");
		sasha.send("/datetime");
		awaitScene(id, "receives(dateTime(\"schedule-review\"))");
		sasha.answer("schedule-review", new DateAnswer("date", "2026-06-01"));
		awaitScene(id, "receives(text(\"schedule-review: ");
		String question = Objects.requireNonNull(sasha.reply(sasha.send("/ask")).block()).text();
		sasha.cancel(MAPPER.readTree(question).get("id").stringValue());
		awaitScene(id, "receives(text(\"You said nothing\"))");
		sasha.send("/progress");
		awaitScene(id, "sees(progress(\"build-progress\").with(\"value\", 100))");
		sasha.send("", List.of(PersonFile.of("notes.txt", "Remember\n".getBytes(StandardCharsets.UTF_8))));
		awaitScene(id, "receives(text(\"notes.txt, text/plain");
		assertThat(scene(id)).isEqualToIgnoringWhitespace(sourceOf(SceneTests.class));
	}

	@Test
	void savesTheConversationOfAGroup() throws IOException {
		String id = add("/chat/groups", Map.of("members", List.of("sasha", "kim")));
		post("/chat/messages", Map.of("participant", id, "text", "Hello"));
		awaitScene(id, "kim.receives(text(\"Received: Hello\"))");
		assertThat(scene(id).replace("SceneTests", "GroupSceneTests"))
			.isEqualToIgnoringWhitespace(sourceOf(GroupSceneTests.class));
	}

	private String conversation(String person) {
		return Objects.requireNonNull(this.client.conversations()
			.filter((open) -> open.to().equals(person))
			.map(Conversation::id)
			.blockFirst());
	}

	private void awaitScene(String participant, String part) {
		await().untilAsserted(() -> assertThat(scene(participant)).contains(part));
	}

	/**
	 * Without what the page does not know: the package, and marks of the documentation.
	 */
	private static String sourceOf(Class<?> type) throws IOException {
		return Files.readString(Path.of("src/test/java", type.getName().replace('.', '/') + ".java"))
			.replaceFirst("package .*;\n\n", "")
			.replaceAll("\t// (tag|end)::.*\n", "");
	}

	private String scene(String participant) {
		return exchange(request("/chat/scenes/" + participant).GET());
	}

	private String add(String path, Map<String, ?> body) {
		return MAPPER.readTree(post(path, body)).get("id").stringValue();
	}

	private String post(String path, Map<String, ?> body) {
		return exchange(request(path).header("Origin", this.relay.baseUrl().toString())
			.POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body))));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.relay.baseUrl() + path));
	}

	private String exchange(HttpRequest.Builder request) {
		HttpResponse<String> response = this.http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
			.join();
		assertThat(response.statusCode()).as(response.body()).isLessThan(300);
		return response.body();
	}

	private record DateAnswer(String mode, String value) {
	}

}
