package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The published SDK and we read each other's files.
 */
@RequiresPython
class SdkFilesIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@TempDir
	private Path directory;

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final JsonLinesProcess theirs = JsonLinesProcess.start(PythonEnvironment.command("sdk_files.py"));

	private AgentStore store;

	private AgentGatewayClient ours;

	@BeforeEach
	void startAgents() {
		RelayAccess relay = this.peer.access();
		this.theirs.call("start", Map.of("base_url", relay.baseUrl(), "agent_id", relay.agentId(), "token",
				relay.token(), "store_root", this.directory.resolve("theirs").toString()));
		this.store = SqliteAgentStore.open(this.directory.resolve("ours"), relay.agentId());
		this.ours = new DefaultAgentGatewayClient(AgentGatewaySettings.builder(relay.agentId(), relay.token())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()))
			.build(), this.store, (message, conversation) -> Mono.empty());
	}

	@AfterEach
	void stopAgents() {
		this.ours.stop(Duration.ZERO).block(TIMEOUT);
		this.store.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 15, 16, 17, 1_048_575, 1_048_576, 1_048_577 })
	void theyReadOurFiles(int size) {
		byte[] content = content(size);
		AgentAttachment attachment = this.ours.upload(AgentFile.of("brief.pdf", content)).block(TIMEOUT);
		assertThat(attachment).isNotNull();
		JsonNode answer = this.theirs.call("download", Map.of("attachment", fields(attachment)));
		assertThat(Base64.getDecoder().decode(answer.get("b64").stringValue())).isEqualTo(content);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 15, 16, 17, 1_048_575, 1_048_576, 1_048_577 })
	void weReadTheirFiles(int size) {
		byte[] content = content(size);
		JsonNode fields = this.theirs
			.call("upload", Map.of("name", "brief.pdf", "mime", "application/pdf", "b64",
					Base64.getEncoder().encodeToString(content)))
			.get("attachment");
		AgentAttachment attachment = this.ours.readable(attachment(fields));
		assertThat(attachment.size()).isEqualTo(size);
		assertThat(attachment.download().block(TIMEOUT)).isEqualTo(content);
	}

	private static Map<String, @Nullable Object> fields(AgentAttachment attachment) {
		Map<String, @Nullable Object> fields = new HashMap<>();
		fields.put("id", attachment.id());
		fields.put("name", attachment.name());
		fields.put("mime", attachment.mime());
		fields.put("size", attachment.size());
		fields.put("blob_id", attachment.blobId());
		fields.put("sha256", attachment.sha256());
		fields.put("key_b64", attachment.keyB64());
		fields.put("iv_b64", attachment.ivB64());
		return fields;
	}

	private static AgentAttachment attachment(JsonNode fields) {
		return AgentAttachment.builder(fields.get("name").stringValue(), fields.get("mime").stringValue())
			.id(fields.get("id").stringValue())
			.size(fields.get("size").longValue())
			.blobId(fields.get("blob_id").stringValue())
			.sha256(fields.get("sha256").stringValue())
			.key(fields.get("key_b64").stringValue(), fields.get("iv_b64").stringValue())
			.build();
	}

	private static byte[] content(int size) {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		return content;
	}

}
