package com.pacerelle.client;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import static org.awaitility.Awaitility.await;

/**
 * A relay that sends frames together with the answer to the upgrade.
 */
class UpgradeTests {

	private static final String MESSAGE = "{\"type\":\"MSG\",\"id\":\"m-1\",\"from\":\"alice\",\"conversation_id\":\"c-1\","
			+ "\"payload_b64\":\"aGk=\",\"encrypted\":false}";

	@Test
	void framesThatComeWithTheUpgradeAreReadAndOversizeOnesAreSkipped(@TempDir Path root) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				TestRelay unused = new TestRelay();
				TestAgent agent = new TestAgent(unused, root,
						(settings) -> settings.encrypted(false)
							.connection((connection) -> connection.maxFrameSize(65_536)
								.baseUrl(URI.create("http://127.0.0.1:" + server.getLocalPort()))),
						(message, conversation) -> Mono.empty())) {
			agent.client().start();
			try (Socket socket = server.accept()) {
				ByteArrayOutputStream answer = new ByteArrayOutputStream();
				answer.write(upgrade(socket));
				answer.write(textFrame(new byte[100_000]));
				answer.write(textFrame(MESSAGE.getBytes(StandardCharsets.UTF_8)));
				answer.write(textFrame(new byte[65_537]));
				socket.getOutputStream().write(answer.toByteArray());
				await().until(() -> agent.events(GatewayEvent.FrameIgnored.class).size() == 2);
				await().until(() -> agent.store().receipt("m-1") != null);
				await().until(() -> agent.client().state() == ConnectionState.CONNECTED);
			}
		}
	}

	private static byte[] upgrade(Socket socket) throws Exception {
		BufferedReader request = new BufferedReader(
				new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
		String key = "";
		for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
			if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
				key = line.substring(line.indexOf(':') + 1).strip();
			}
		}
		byte[] digest = MessageDigest.getInstance("SHA-1")
			.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
		return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static byte[] textFrame(byte[] payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(0x81);
		if (payload.length < 126) {
			frame.write(payload.length);
		}
		else {
			frame.write(127);
			frame.write(ByteBuffer.allocate(Long.BYTES).putLong(payload.length).array());
		}
		frame.write(payload);
		return frame.toByteArray();
	}

}
