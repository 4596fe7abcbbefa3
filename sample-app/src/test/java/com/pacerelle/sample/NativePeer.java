package com.pacerelle.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An independent relay and people on the published SDK's native Signal runtime, in a
 * process that is driven by JSON lines ({@code src/test/python/README.md}). Used by one
 * thread.
 */
final class NativePeer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final JsonMapper JSON = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private final Process process;

	private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

	private final RelayAccess access;

	private NativePeer(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "native-peer");
		reader.setDaemon(true);
		reader.start();
		this.access = call("start", Map.of("quiet", List.of("all")), Map.of(), RelayAccess.class);
	}

	/**
	 * Starts a relay on a free port.
	 * @return the relay, without people
	 */
	static NativePeer start() {
		try {
			return new NativePeer(new ProcessBuilder(PythonEnvironment.command("peer.py"))
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	RelayAccess access() {
		return this.access;
	}

	/** A person without a device id, in a conversation of their own. */
	NativePerson join(String name) {
		call("add_person", Map.of("name", name));
		return new NativePerson(this, name);
	}

	NativePerson join(String name, String userId, String conversationId, @Nullable String deviceId) {
		Map<String, @Nullable Object> address = new HashMap<>();
		address.put("name", name);
		address.put("user_id", userId);
		address.put("conversation_id", conversationId);
		address.put("device_id", deviceId);
		call("add_person", address);
		return new NativePerson(this, name);
	}

	/** Waits until all conditions hold. */
	void await(Condition... conditions) {
		await(Duration.ofSeconds(30), conditions);
	}

	void await(Duration timeout, Condition... conditions) {
		Map<String, Object> arguments = new HashMap<>(Map.of("timeout", timeout.toSeconds()));
		Stream.of(conditions).forEach((condition) -> arguments.put(condition.name(), condition.value()));
		call("wait", arguments);
	}

	/** Delivers messages in this order, each as often as it stands there. */
	void deliver(String... ids) {
		call("deliver", Map.of("ids", ids));
	}

	/** Lets people chat: each always has so many messages unanswered. */
	void chat(List<NativePerson> people, int count, int inFlight, int size, long seed) {
		call("run", Map.of("persons", people.stream().map(NativePerson::name).toList(), "count", count, "in_flight",
				inFlight, "size", size, "seed", seed));
	}

	/**
	 * Judges what happened to the messages of these people, or of all.
	 * @param people the people
	 * @return the verdict
	 */
	Verdict check(NativePerson... people) {
		Map<String, Object> arguments = new HashMap<>();
		if (people.length > 0) {
			arguments.put("persons", Stream.of(people).map(NativePerson::name).toList());
		}
		JsonNode answer = call("check", arguments);
		Map<String, JsonNode> faults = new LinkedHashMap<>();
		answer.get("counts")
			.propertyStream()
			.filter((count) -> count.getValue().intValue() > 0)
			.forEach((count) -> faults.put(count.getKey(), answer.get(count.getKey())));
		return new Verdict(answer.get("wanted").intValue(), answer.get("answered").intValue(), faults);
	}

	Stats stats() {
		return call("stats", Map.of(), Map.of(), Stats.class);
	}

	/** Sends a hostile frame; {@code src/test/python/README.md} lists the kinds. */
	void inject(String kind) {
		call("inject", Map.of("kind", kind));
	}

	void injectText(String text) {
		call("inject", Map.of("text", text));
	}

	/** Sends one message in so many WebSocket frames. */
	void injectFragments(String text, int fragments) {
		call("inject", Map.of("text", text, "fragments", fragments));
	}

	/** Sends bytes that need not be a WebSocket frame. */
	void injectBytes(byte[] bytes) {
		call("inject", Map.of("raw_b64", Base64.getEncoder().encodeToString(bytes)));
	}

	/** Sends a frame once, or with {@code keep} until it is acknowledged. */
	void injectFrame(Map<String, ?> frame, boolean keep) {
		call("inject", Map.of("frame", frame, "keep", keep));
	}

	/** Forgets messages that are not acknowledged. */
	void forget(String... ids) {
		call("forget", Map.of("ids", ids));
	}

	void ignoreAcknowledgements(boolean on) {
		call("ignore_acks", Map.of("on", on));
	}

	/** Closes the connection properly. */
	void disconnect(int closeCode) {
		call("disconnect", Map.of("code", closeCode));
	}

	/** Cuts the connection. */
	void cut() {
		call("disconnect", Map.of());
	}

	/** The connection stays open, but nobody reads or writes on the relay's side. */
	void halfOpen() {
		call("half_open", Map.of());
	}

	/** The connection works, but its pings stay without an answer. */
	void mutePongs() {
		call("mute_pongs", Map.of());
	}

	/** Answers all requests, the upgrade too, with an HTTP status. */
	void refuseWithStatus(int status) {
		call("refuse", Map.of("status", status));
	}

	/** Closes each new connection at once. */
	void refuseWithCloseCode(int closeCode) {
		call("refuse", Map.of("close", closeCode));
	}

	void acceptAgain() {
		call("refuse", Map.of());
	}

	/** Closes the port and cuts everything. */
	void down() {
		call("down", Map.of());
	}

	/** Opens the same port again. */
	void up() {
		call("up", Map.of());
	}

	JsonNode call(String command, Map<String, ? extends @Nullable Object> arguments) {
		Map<String, @Nullable Object> request = new HashMap<>(arguments);
		request.put("cmd", command);
		try {
			OutputStream requests = this.process.getOutputStream();
			requests.write((JSON.writeValueAsString(request) + '\n').getBytes(StandardCharsets.UTF_8));
			requests.flush();
			JsonNode answer = this.answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(answer).as("answer to '%s' of a process that is alive: %s", command, this.process.isAlive())
				.isNotNull();
			assertThat(answer.get("ok").booleanValue()).as("%s: %s", command, answer.get("error")).isTrue();
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	<T> T call(String command, Map<String, ? extends @Nullable Object> arguments, Map<String, ?> more, Class<T> type) {
		Map<String, @Nullable Object> all = new HashMap<>(arguments);
		all.putAll(more);
		return JSON.treeToValue(call(command, all), type);
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			lines.lines().map(JSON::readTree).forEach(this.answers::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The end of its input ends the process. */
	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

	/**
	 * What happened to the delivered messages.
	 *
	 * @param wanted how many want an answer
	 * @param answered how many of these got one
	 * @param faults what is missing, unexpected, doubled, wrong, out of order or
	 * undecryptable, or violates the protocol; empty when all is well
	 */
	record Verdict(int wanted, int answered, Map<String, JsonNode> faults) {
	}

	/**
	 * Counters since the start of the relay.
	 */
	record Stats(int connections, int openConnections, int uploads, int oneTimeUploads, int oneTime, int replies,
			int answered, int acks, int repeatedAcks, int resent, int pings, List<String> unacked,
			Map<String, Integer> requests, String verificationCode) {
	}

}
