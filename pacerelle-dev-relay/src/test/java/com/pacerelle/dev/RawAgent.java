package com.pacerelle.dev;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An agent of a few lines on the JDK's HTTP and WebSocket clients, which does exactly
 * what a test says.
 */
final class RawAgent implements AutoCloseable {

	static final JsonMapper MAPPER = JsonMapper.shared();

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final HttpClient http = HttpClient.newHttpClient();

	private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

	private final BlockingQueue<ByteBuffer> pongs = new LinkedBlockingQueue<>();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final SecureRandom random = new SecureRandom();

	private final DevRelay relay;

	private final InMemorySignalStore store;

	private @Nullable WebSocket socket;

	RawAgent(DevRelay relay) {
		this.relay = relay;
		this.store = new InMemorySignalStore(EcKeyPair.generate(this.random), 1 + this.random.nextInt(16380));
	}

	private RawAgent(RawAgent sibling) {
		this.relay = sibling.relay;
		this.store = sibling.store;
	}

	/** Another process of the same agent. */
	RawAgent sibling() {
		return new RawAgent(this);
	}

	HttpResponse<String> request(String method, String path, String body, String... headers) {
		return request(method, path, HttpRequest.BodyPublishers.ofString(body), headers);
	}

	HttpResponse<String> request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.relay.baseUrl() + path))
			.header("Authorization", "Bearer " + this.relay.token())
			.method(method, body);
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	RawAgent publish() {
		request("PUT", "/agent/prekey-bundle", bundle(7).toString());
		request("POST", "/agent/one-time-prekeys", oneTimePreKeys(8, 9).toString());
		return this;
	}

	ObjectNode bundle(int id) {
		SignedPreKey signed = SignedPreKey.generate(id, this.store.identityKeyPair(), this.random);
		KyberPreKey kyber = KyberPreKey.generate(id, this.store.identityKeyPair(), this.random);
		this.store.add(signed);
		this.store.add(kyber);
		ObjectNode bundle = MAPPER.createObjectNode()
			.put("registration_id", this.store.registrationId())
			.put("device_id", 1)
			.put("identity_key", base64(this.store.identityKeyPair().publicKey().encode()))
			.put("signed_prekey_id", id)
			.put("signed_prekey_public", base64(signed.keyPair().publicKey().encode()))
			.put("signed_prekey_signature", base64(signed.signature()))
			.put("kyber_prekey_id", id)
			.put("kyber_prekey_public", base64(kyber.publicKey()))
			.put("kyber_prekey_signature", base64(kyber.signature()));
		bundle.putArray("protocol_features").add("history-v1");
		return bundle;
	}

	ObjectNode oneTimePreKeys(int... ids) {
		ObjectNode keys = MAPPER.createObjectNode();
		for (int id : ids) {
			OneTimePreKey key = OneTimePreKey.generate(id, this.random);
			this.store.add(key);
			keys.withArray("one_time_prekeys")
				.addObject()
				.put("prekey_id", id)
				.put("public_key", base64(key.keyPair().publicKey().encode()));
		}
		return keys;
	}

	RawAgent connect() {
		this.socket = openWebSocket(this.relay.token()).join();
		// The upgrade is answered a little before the relay counts the connection.
		awaitPong();
		return this;
	}

	CompletableFuture<WebSocket> openWebSocket(String token) {
		URI uri = URI.create(this.relay.baseUrl().toString().replace("http:", "ws:") + "/ws/agent?token=" + token);
		return this.http.newWebSocketBuilder().buildAsync(uri, new Listener());
	}

	WebSocket socket() {
		if (this.socket == null) {
			throw new IllegalStateException("The agent is not connected");
		}
		return this.socket;
	}

	void send(String frame) {
		socket().sendText(frame, true).join();
	}

	/** The next message from the relay, or an error when none comes. */
	JsonNode next() {
		return MAPPER.readTree(await(this.frames));
	}

	ByteBuffer nextPong() {
		return await(this.pongs);
	}

	boolean hasNothingMore() {
		// The pong comes after everything that the relay sent before.
		awaitPong();
		return this.frames.isEmpty();
	}

	private void awaitPong() {
		socket().sendPing(ByteBuffer.allocate(0)).join();
		nextPong();
	}

	int closeCode() {
		return this.closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	String decrypt(JsonNode message) {
		SessionCipher cipher = new SessionCipher(this.store, this.random, Clock.systemUTC());
		byte[] payload = Base64.getDecoder().decode(message.get("payload_b64").stringValue());
		byte[] plaintext = cipher.decrypt(peer(message), payload);
		this.store.commit(cipher.changes());
		return new String(plaintext, StandardCharsets.UTF_8);
	}

	/** A reply to a message that was decrypted before, as a frame. */
	ObjectNode reply(JsonNode message, String text) {
		SessionCipher cipher = new SessionCipher(this.store, this.random, Clock.systemUTC());
		byte[] payload = cipher.encrypt(peer(message), text.getBytes(StandardCharsets.UTF_8));
		this.store.commit(cipher.changes());
		ObjectNode frame = MAPPER.createObjectNode()
			.put("type", "MSG")
			.put("id", UUID.randomUUID().toString())
			.put("conversation_id", message.get("conversation_id").stringValue())
			.put("to", message.get("from").stringValue())
			.put("payload_b64", base64(payload))
			.put("encrypted", true)
			.put("reply_to_message_id", message.get("id").stringValue());
		if (message.has("from_device_id")) {
			frame.put("to_device_id", message.get("from_device_id").stringValue());
		}
		return frame;
	}

	static ObjectNode acknowledgement(JsonNode message) {
		return MAPPER.createObjectNode()
			.put("type", "ACK_READ")
			.put("to", message.get("from").stringValue())
			.put("message_id", message.get("id").stringValue())
			.put("conversation_id", message.get("conversation_id").stringValue());
	}

	/** Takes the next message, answers it and acknowledges it. */
	void answer(String text) {
		JsonNode message = next();
		decrypt(message);
		send(reply(message, text).toString());
		send(acknowledgement(message).toString());
	}

	@Override
	public void close() {
		if (this.socket != null) {
			this.socket.abort();
		}
	}

	private static ProtocolAddress peer(JsonNode message) {
		String name = "human:" + message.get("from").stringValue() + ":" + message.get("conversation_id").stringValue();
		JsonNode device = message.get("from_device_id");
		return ProtocolAddress.of((device != null) ? name + ":device:" + device.stringValue() : name);
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	private static <T> T await(BlockingQueue<T> queue) {
		try {
			T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			if (next == null) {
				throw new AssertionError("Nothing came within " + PATIENCE);
			}
			return next;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private final class Listener implements WebSocket.Listener {

		private final StringBuilder frame = new StringBuilder();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.frame.append(data);
			if (last) {
				RawAgent.this.frames.add(this.frame.toString());
				this.frame.setLength(0);
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
			RawAgent.this.pongs.add(message);
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			RawAgent.this.closed.complete(statusCode);
			return null;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			RawAgent.this.closed.completeExceptionally(error);
		}

	}

}
