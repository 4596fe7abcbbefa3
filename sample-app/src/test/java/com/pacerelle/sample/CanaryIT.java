package com.pacerelle.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A conversation with a word that stands in texts, names of files, answers, values of
 * forms and the archive. Whatever goes wrong, and though each logger tells all it can,
 * neither the word nor a key nor the token is in the log, which has all events, too: each
 * {@link AgentProcess} looks through its log when it is closed. Nor are they in the
 * store, which is encrypted.
 */
@RequiresPython
class CanaryIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final String CANARY = DiscreetLog.SECRET;

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final AgentProcess agent = AgentProcess.sampleWithTests(this.peer.access(), "canary",
			"--logging.level.root=TRACE", "--pacerelle.handler.timeout=1s", "--pacerelle.reconnect.min-backoff=50ms",
			"--pacerelle.reconnect.token-refused-backoff=500ms",
			"--pacerelle.store.encryption-key=" + Base64.getEncoder().encodeToString(archiveKey(100)));

	private int people;

	@Test
	void nothingTellsWhatPeopleSayWhateverGoesWrong() throws Exception {
		this.agent.start();
		this.peer.await(connected());
		NativePerson alice = this.peer.join("alice", "alice", "conv-alice", "phone");
		converse(alice);
		handlersFail();
		relayAttacks(alice);
		connectionFails(alice);
		storeFails(alice);
		this.agent.kill();
		this.peer.await(disconnected());
		assertThat(storeTells(CANARY.getBytes(StandardCharsets.UTF_8))).isFalse();
		assertThat(storeTells(archiveKey(1))).isFalse();
		assertThat(storeTells("conv-alice".getBytes(StandardCharsets.UTF_8))).isTrue();
		this.agent.start();
		echo(alice, "after everything");
		assertThat(this.agent.log()).contains("TRACE", "Event HandlingFailed", "Event MessageRejected",
				"Event AnswerRefused", "Event DeviceAdded", "StoreException");
	}

	/** Texts, a file, answers, a form, an archive. */
	private void converse(NativePerson alice) {
		echo(alice, "Hello");
		say(alice, "/form");
		awaitReplies(alice, 2);
		answer(alice, "release-form", "{\"version\":\"" + CANARY + "\",\"priority\":3,\"notes\":\"" + CANARY + "\"}");
		answer(alice, "release-form", "{\"version\":\"" + CANARY + " again\"}");
		say(alice, "/choice " + CANARY);
		answer(alice, CANARY + "-widget", "\"" + CANARY + "\"");
		awaitReplies(alice, 6);
		this.peer.putBlob("blob-canary", CANARY.getBytes(StandardCharsets.UTF_8));
		sendFile(alice, "blob-canary");
		for (int key = 1; key <= 2; key++) {
			alice
				.send(Messages
					.exactly(JsonMapper.shared()
						.writeValueAsString(
								Map.of("type", "pacerelle.delivery", "v", 1, "body", CANARY, "history_key",
										Map.of("key_id", "archive-1", "epoch", 1, "raw_key_b64",
												Base64.getEncoder().encodeToString(archiveKey(key))))),
							"")
					.unanswered());
		}
		echo(alice, "after the archive's key");
	}

	private void handlersFail() {
		for (String command : List.of("/throw", "/fail", "/late", "/number")) {
			say(someone(), command + " " + CANARY);
		}
		sendFile(someone(), "blob-that-is-missing");
		awaitLog("Event HandlingFailed", 5);
	}

	private void relayAttacks(NativePerson alice) {
		alice.send(Messages.of("forged").forged());
		alice.send(Messages.of("in the clear").unanswered().withField("encrypted", false));
		for (String kind : List.of("not_json", "nested", "digits", "binary")) {
			this.peer.inject(kind);
		}
		this.peer.injectText("{\"type\":\"" + CANARY + "\",\"" + CANARY + "\":\"" + CANARY + "\"}");
		this.peer.join("mallory", "alice", "conv-alice", "laptop").send("I am Alice");
		awaitLog("Event DeviceAdded", 1);
		echo(alice, "after the attacks");
	}

	private void connectionFails(NativePerson alice) {
		int connections = this.peer.stats().connections();
		this.peer.cut();
		this.peer.await(connections(connections + 1), connected());
		this.peer.refuseWithStatus(401);
		this.peer.cut();
		this.agent.awaitLog("REFUSED THE TOKEN");
		alice.send("said while the agent was away");
		this.peer.acceptAgain();
		this.peer.await(connections(connections + 2), connected());
		echo(alice, "after the cuts");
	}

	private void storeFails(NativePerson alice) throws Exception {
		stop();
		execute("CREATE TRIGGER trouble BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'no room'); END");
		this.agent.start();
		this.peer.await(connected());
		alice.send("said into the void");
		this.agent.awaitLog("StoreException");
		stop();
		execute("DROP TRIGGER trouble");
		this.agent.start();
		this.peer.await(connected());
		echo(alice, "after the trouble");
	}

	private void stop() {
		this.agent.stop();
		this.peer.await(disconnected());
	}

	private void execute(String sql) throws SQLException, IOException {
		try (Stream<Path> files = Files.walk(this.agent.store())) {
			Path database = files.filter((file) -> file.toString().endsWith(".db")).findFirst().orElseThrow();
			try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
					Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
		}
	}

	/** Whether a file of the store can be searched for something. */
	private boolean storeTells(byte[] secret) throws IOException {
		String wanted = new String(secret, StandardCharsets.ISO_8859_1);
		try (Stream<Path> files = Files.walk(this.agent.store())) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(wanted)) {
					return true;
				}
			}
		}
		return false;
	}

	private static byte[] archiveKey(int first) {
		byte[] key = new byte[32];
		for (int i = 0; i < key.length; i++) {
			key[i] = (byte) (first + 7 * i);
		}
		return key;
	}

	private void sendFile(NativePerson person, String blobId) {
		Map<String, Object> secret = Map.of("id", "file-1", "blob_id", blobId, "key_b64", new byte[32], "iv_b64",
				new byte[12], "name", CANARY + ".txt", "mime", "text/plain", "size", 100);
		Map<String, Object> seen = Map.of("id", "file-1", "name", "attachment", "mime", "application/octet-stream",
				"size", 100, "blob_id", blobId);
		person.send(Messages
			.exactly(JsonMapper.shared()
				.writeValueAsString(Map.of("kind", "chat.message", "text", CANARY, "attachments", List.of(secret))), "")
			.unanswered()
			.withField("attachments", List.of(seen)));
	}

	private NativePerson someone() {
		return this.peer.join("person-" + ++this.people);
	}

	private void echo(NativePerson person, String text) {
		String id = person.send(text);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(person.replies()).anyMatch((reply) -> id.equals(reply.replyTo())));
	}

	private static void say(NativePerson person, String text) {
		person.send(Messages.exactly(text, "").unanswered());
	}

	private static void answer(NativePerson person, String widget, String value) {
		say(person, "{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":\"" + widget
				+ "\",\"value\":" + value + "}");
	}

	private static void awaitReplies(NativePerson person, int count) {
		await().atMost(PATIENCE).until(() -> person.replies().size() >= count);
	}

	private void awaitLog(String text, int times) {
		await().atMost(PATIENCE)
			.until(() -> this.agent.log().lines().filter((line) -> line.contains(text)).count() >= times);
	}

}
