package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample's {@code /ask} through the bridge, end to end: a real MCP client asks, and a
 * person on the native runtime of the published SDK answers.
 */
@RequiresPython
class McpBridgeIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private Path store;

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	private final StringBuffer log = new StringBuffer();

	@Test
	void aPersonIsAskedAndTheClientGetsTheTypedAnswer() {
		try (McpSyncClient client = client()) {
			client.initialize();
			this.peer.await(connected());
			NativePerson alice = this.peer.join("alice");
			alice.send(Messages.exactly("/ask", "").unanswered());
			JsonNode message = call(client, "wait_for_messages", Map.of("timeoutSeconds", 100)).get(0);
			assertThat(message.get("text").asString()).isEqualTo("/ask");
			String conversation = message.get("conversation").asString();
			CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> call(client, "ask_confirm",
					Map.of("conversation", conversation, "question", "Shall I go on?", "timeoutSeconds", 100)));
			JsonNode widget = JsonMapper.shared().readTree(texts(alice, 1).get(0));
			assertThat(widget.at("/spec/title").asString()).isEqualTo("Shall I go on?");
			alice.send(Messages
				.exactly("{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":"
						+ widget.get("id") + ",\"value\":true}", "")
				.unanswered());
			assertThat(answer.join().get("value").isBoolean()).isTrue();
			assertThat(answer.join().get("value").asBoolean()).isTrue();
			call(client, "send_text", Map.of("conversation", conversation, "text", "You said yes", "replyTo",
					message.get("messageId").asString()));
			assertThat(texts(alice, 2).get(1)).isEqualTo("You said yes");
			this.peer.await(allAcknowledged());
			assertThat(alice.replies()).hasSize(2);
		}
		DiscreetLog.verify(this.log.toString(), this.peer.access().token());
	}

	private McpSyncClient client() {
		RelayAccess relay = this.peer.access();
		StdioClientTransport transport = new StdioClientTransport(ServerParameters
			.builder(Path.of(System.getProperty("java.home"), "bin", "java").toString())
			.args("-XX:TieredStopAtLevel=1", "-jar", System.getProperty("mcp-server.jar"))
			.env(Map.of("PACERELLE_AGENT_ID", relay.agentId(), "PACERELLE_AGENT_TOKEN", relay.token(),
					"PACERELLE_BASE_URL", relay.baseUrl().toString(), "PACERELLE_STORE_ROOT", this.store.toString()))
			.build(), McpJsonDefaults.getMapper());
		transport.setStdErrorHandler((line) -> this.log.append(line).append('\n'));
		return McpClient.sync(transport).requestTimeout(PATIENCE).initializationTimeout(PATIENCE).build();
	}

	private static List<String> texts(NativePerson person, int count) {
		await().atMost(PATIENCE).until(() -> person.replies().size() >= count);
		return person.replies().stream().map(ReceivedReply::text).toList();
	}

	private static JsonNode call(McpSyncClient client, String tool, Map<String, Object> arguments) {
		CallToolResult result = client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
		String text = ((TextContent) result.content().get(0)).text();
		assertThat(result.isError()).as(text).isNotEqualTo(true);
		return text.matches("[\\[{].*") ? JsonMapper.shared().readTree(text) : JsonMapper.shared().valueToTree(text);
	}

}
