package com.pacerelle.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.pacerelle.dev.DevRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Standard output carries the protocol and nothing else, and the end of the input ends
 * the process.
 */
class StandardOutputIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private Path root;

	@Test
	void eachLineIsAMessageOfTheProtocol() throws Exception {
		Path output = this.root.resolve("output");
		Path log = this.root.resolve("log");
		try (DevRelay relay = DevRelay.start()) {
			Process process = start(relay, output, log);
			try {
				OutputStream input = process.getOutputStream();
				send(input, """
						{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
						"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
				await().atMost(PATIENCE).until(relay::isAgentConnected);
				await().atMost(PATIENCE).until(() -> !Files.readString(output).isEmpty());
				send(input, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
				relay.person("alice", "c-1", "phone").send("Zugspitze");
				send(input, """
						{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait_for_messages",\
						"arguments":{}}}""");
				await().atMost(PATIENCE).until(() -> Files.readString(output).contains("Zugspitze"));
				await().atMost(PATIENCE).until(() -> relay.unacknowledged().isEmpty());
				input.close();
				assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isZero();
			}
			finally {
				process.destroyForcibly();
			}
			assertThat(messages(output)).hasSizeGreaterThanOrEqualTo(2)
				.allSatisfy((message) -> assertThat(message.get("jsonrpc").asString()).isEqualTo("2.0"));
			assertThat(Files.readString(log)).contains("Connected to 127.0.0.1")
				.doesNotContain("Zugspitze", relay.token(), "(v4.");
		}
	}

	private Process start(DevRelay relay, Path output, Path log) throws IOException {
		List<String> command = new ArrayList<>(List.of(BridgeProcess.JAVA));
		command.addAll(BridgeProcess.arguments());
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile())
			.redirectError(log.toFile());
		builder.environment().clear();
		builder.environment().putAll(BridgeProcess.environment(relay, this.root.resolve("store")));
		return builder.start();
	}

	private static void send(OutputStream input, String message) throws IOException {
		input.write((message + "\n").getBytes(StandardCharsets.UTF_8));
		input.flush();
	}

	private static List<JsonNode> messages(Path output) throws IOException {
		return Files.readAllLines(output).stream().map(JsonMapper.shared()::readTree).toList();
	}

}
