package com.pacerelle.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page over a plain socket, which can send what no browser would.
 */
class ChatPageTests {

	private static final String MESSAGE = "{\"text\":\"hello\"}";

	private final DevRelay relay = DevRelay.start();

	private final RawAgent agent = new RawAgent(this.relay);

	private final String host = this.relay.baseUrl().getAuthority();

	private final String origin = this.relay.baseUrl().toString();

	@AfterEach
	void close() {
		this.agent.close();
		this.relay.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/chat.css", "/chat.js", "/widgets.js", "/columns.js", "/icon.svg" })
	void isServedWithAStrictPolicy(String path) throws IOException {
		assertThat(exchange("GET " + path, "", "Host: " + this.host)).startsWith("HTTP/1.1 200 ")
			.contains("content-security-policy: default-src 'none'; script-src 'self';")
			.contains("frame-ancestors 'none'")
			.containsIgnoringCase("x-content-type-options: nosniff")
			.containsIgnoringCase("cache-control: no-store");
	}

	@Test
	void answersHeadAsGetWithoutTheBody() throws IOException {
		String head = exchange("HEAD /", "", "Host: " + this.host);
		String get = exchange("GET /", "", "Host: " + this.host);
		assertThat(head).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
		assertThat(get).startsWith(head);
	}

	@Test
	void isServedToLocalhostToo() throws IOException {
		assertThat(exchange("GET /", "", "Host: localhost:" + this.relay.baseUrl().getPort()))
			.startsWith("HTTP/1.1 200 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /", "GET /chat/changes", "GET /chat/files/a/0", "POST /chat/messages",
			"POST /chat/faults", "GET /agent/group-keys", "GET /ws/agent" })
	void isNotServedUnderAReboundName(String request) throws IOException {
		assertThat(exchange(request, "", "Host: attacker.example:80")).startsWith("HTTP/1.1 403 ");
	}

	@Test
	void takesAMessageFromItself() throws IOException {
		this.agent.publish();
		assertThat(exchange("POST /chat/messages", MESSAGE, "Host: " + this.host, "Origin: " + this.origin,
				"Sec-Fetch-Site: same-origin"))
			.startsWith("HTTP/1.1 204 ");
		assertThat(this.agent.connect().decrypt(this.agent.next())).isEqualTo("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Origin: https://attacker.example", "Origin: null", "X-Origin: missing" })
	void takesNothingFromAnotherOrigin(String origin) throws IOException {
		this.agent.publish();
		for (String path : List.of("/chat/messages", "/chat/files", "/chat/people", "/chat/devices", "/chat/groups",
				"/chat/faults", "/chat/trust", "/chat/dead-letters", "/chat/known-devices")) {
			assertThat(exchange("POST " + path, MESSAGE, "Host: " + this.host, origin)).startsWith("HTTP/1.1 403 ");
		}
		assertThat(this.relay.unacknowledged()).isEmpty();
	}

	@Test
	void takesNothingThatTheBrowserCallsCrossSite() throws IOException {
		for (String path : List.of("/chat/changes", "/chat/files/a/0", "/chat/scenes/p1")) {
			assertThat(exchange("GET " + path, "", "Host: " + this.host, "Sec-Fetch-Site: cross-site"))
				.startsWith("HTTP/1.1 403 ");
		}
	}

	@Test
	void hasNoFilesThatNobodySent() throws IOException {
		this.agent.publish().connect();
		assertThat(post("/chat/messages", MESSAGE)).startsWith("HTTP/1.1 204 ");
		String id = this.agent.next().get("id").stringValue();
		for (String path : List.of("a/0", id + "/0", id + "/-1", id + "/99999999999")) {
			assertThat(exchange("GET /chat/files/" + path, "", "Host: " + this.host)).startsWith("HTTP/1.1 404 ");
		}
	}

	@Test
	void saysWhatIsWrongWithPeopleGroupsAndFaults() throws IOException {
		assertThat(post("/chat/people", "{\"name\":\"a b\"}")).startsWith("HTTP/1.1 400 ").contains("A name has");
		assertThat(post("/chat/groups", "{\"members\":[]}")).startsWith("HTTP/1.1 400 ").contains("members");
		assertThat(post("/chat/devices", "{\"participant\":\"x\"}")).startsWith("HTTP/1.1 400 ")
			.contains("There is no such person");
		assertThat(post("/chat/faults", "{\"fault\":\"fire\"}")).startsWith("HTTP/1.1 400 ")
			.contains("There is no such fault");
		assertThat(exchange("GET /chat/scenes/x", "", "Host: " + this.host)).startsWith("HTTP/1.1 400 ")
			.contains("There is no such person");
		assertThat(post("/chat/dead-letters", "{\"messageId\":\"x\",\"decision\":\"retry\"}"))
			.startsWith("HTTP/1.1 409 ")
			.contains("The agent is not in this process");
		for (int i = 1; i < 100; i++) {
			assertThat(post("/chat/people", "{\"name\":\"a\"}")).startsWith("HTTP/1.1 201 ");
		}
		assertThat(post("/chat/people", "{\"name\":\"a\"}")).startsWith("HTTP/1.1 409 ").contains("no room");
	}

	@Test
	void saysWhyAMessageIsNotSent() throws IOException {
		assertThat(post("/chat/messages", MESSAGE)).startsWith("HTTP/1.1 409 ")
			.contains("The agent has not published its keys yet");
		assertThat(post("/chat/messages", "{}")).startsWith("HTTP/1.1 400 ")
			.contains("The message field 'text' is not of type string");
		assertThat(post("/chat/messages", "x".repeat(600_000))).startsWith("HTTP/1.1 413 ");
		this.agent.publish();
		assertThat(post("/chat/messages", MESSAGE)).startsWith("HTTP/1.1 204 ");
		new RawAgent(this.relay).publish();
		assertThat(post("/chat/messages", MESSAGE)).startsWith("HTTP/1.1 409 ")
			.contains("The agent's identity changed");
		assertThat(post("/chat/trust", "{}")).startsWith("HTTP/1.1 204 ");
		assertThat(post("/chat/messages", MESSAGE)).startsWith("HTTP/1.1 204 ");
	}

	@Test
	void streamsEverythingThatHappens() throws IOException {
		try (Socket socket = connect(); BufferedReader changes = open(socket)) {
			assertThat(next(changes)).isEqualTo("event: Status");
			assertThat(next(changes)).contains("\"connected\":false", "\"verificationCode\":null",
					"\"identityChanged\":false");
			this.agent.publish().connect();
			assertThat(until(changes, "\"connected\":true")).contains("\"verificationCode\":\"");
			post("/chat/messages", MESSAGE);
			assertThat(until(changes, "hello")).contains("\"from\":\"person\"", "\"acknowledged\":false");
			this.agent.answer("<b>hi</b>");
			assertThat(until(changes, "\"from\":\"agent\"")).contains("<b>hi</b>");
			assertThat(until(changes, "\"from\":\"person\"")).contains("\"acknowledged\":true");
			this.agent.close();
			until(changes, "\"connected\":false");
		}
	}

	@Test
	void streamsWhatHappenedBeforeToABrowserThatComesLater() throws IOException {
		this.agent.publish().connect();
		post("/chat/messages", MESSAGE);
		this.agent.answer("hi");
		await().until(() -> this.relay.unacknowledged().isEmpty());
		try (Socket socket = connect(); BufferedReader changes = open(socket)) {
			assertThat(until(changes, "hello")).contains("\"from\":\"person\"");
			assertThat(until(changes, "hi")).contains("\"from\":\"agent\"");
		}
	}

	private BufferedReader open(Socket socket) throws IOException {
		write(socket, "GET /chat/changes", "", "Host: " + this.host);
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
		List<String> head = new ArrayList<>();
		for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
			head.add(line);
		}
		assertThat(head).contains("HTTP/1.1 200 OK", "content-type: text/event-stream");
		return reader;
	}

	/** The next line that is neither empty nor the length of a chunk. */
	private static String next(BufferedReader changes) throws IOException {
		String line = changes.readLine();
		while (line.isEmpty() || line.matches("[0-9a-f]+")) {
			line = changes.readLine();
		}
		return line;
	}

	private static String until(BufferedReader changes, String part) throws IOException {
		String line = next(changes);
		while (!line.contains(part)) {
			line = next(changes);
		}
		return line;
	}

	private String post(String path, String body) throws IOException {
		return exchange("POST " + path, body, "Host: " + this.host, "Origin: " + this.origin);
	}

	private String exchange(String request, String body, String... headers) throws IOException {
		try (Socket socket = connect()) {
			write(socket, request, body, headers);
			InputStream answer = socket.getInputStream();
			return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket("127.0.0.1", this.relay.baseUrl().getPort());
		socket.setSoTimeout(60_000);
		return socket;
	}

	private static void write(Socket socket, String request, String body, String... headers) throws IOException {
		byte[] content = body.getBytes(StandardCharsets.UTF_8);
		String head = request + " HTTP/1.1\r\n" + String.join("\r\n", headers)
				+ "\r\nConnection: close\r\nContent-Length: " + content.length + "\r\n\r\n";
		OutputStream output = socket.getOutputStream();
		output.write(head.getBytes(StandardCharsets.UTF_8));
		output.write(content);
		output.flush();
	}

}
