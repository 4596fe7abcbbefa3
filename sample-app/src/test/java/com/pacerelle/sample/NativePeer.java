package com.pacerelle.sample;

import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An independent relay and people on the published SDK's native Signal runtime, in a
 * process of their own: the commands of {@code src/test/python/README.md}.
 */
final class NativePeer implements AutoCloseable {

	private final JsonLinesProcess process;

	private final RelayAccess access;

	private NativePeer(JsonLinesProcess process) {
		this.process = process;
		this.access = process.call("start", Map.of("quiet", List.of("all")), RelayAccess.class);
	}

	/**
	 * Starts a relay on a free port.
	 * @return the relay, without people
	 */
	static NativePeer start() {
		return new NativePeer(JsonLinesProcess.start(PythonEnvironment.command("peer.py")));
	}

	RelayAccess access() {
		return this.access;
	}

	/** A person without a device id, in a conversation of their own. */
	NativePerson join(String name) {
		this.process.call("add_person", Map.of("name", name));
		return new NativePerson(this.process, name);
	}

	NativePerson join(String name, String userId, String conversationId, @Nullable String deviceId) {
		Map<String, @Nullable Object> address = new HashMap<>();
		address.put("name", name);
		address.put("user_id", userId);
		address.put("conversation_id", conversationId);
		address.put("device_id", deviceId);
		this.process.call("add_person", address);
		return new NativePerson(this.process, name);
	}

	/** A group with a key of epoch 1 that the agent has not. */
	NativeGroup group(String conversationId) {
		this.process.call("add_group", Map.of("conversation_id", conversationId));
		return new NativeGroup(this.process, conversationId);
	}

	/** Takes all keys of groups from the relay. */
	void forgetGroupKeys() {
		this.process.call("group_keys", Map.of("keys", List.of()));
	}

	/** Opens a record of an archive as the published SDK does. */
	String openHistory(JsonNode record, String keyB64, Map<String, ?> context) {
		return this.process.call("open_history", Map.of("record", record, "raw_key_b64", keyB64, "context", context))
			.get("text")
			.stringValue();
	}

	/** Makes a record for an archive as the published SDK does. */
	JsonNode sealHistory(String text, String keyB64, Map<String, ?> context) {
		return this.process.call("seal_history", Map.of("text", text, "raw_key_b64", keyB64, "context", context))
			.get("record");
	}

	/** Waits until all conditions hold. */
	void await(Condition... conditions) {
		await(Duration.ofMinutes(2), conditions);
	}

	void await(Duration timeout, Condition... conditions) {
		Map<String, Object> arguments = new HashMap<>(Map.of("timeout", timeout.toSeconds()));
		Stream.of(conditions).forEach((condition) -> arguments.put(condition.name(), condition.value()));
		this.process.call("wait", arguments);
	}

	/** Delivers messages in this order, each as often as it stands there. */
	void deliver(String... ids) {
		this.process.call("deliver", Map.of("ids", ids));
	}

	/** Lets people chat: each always has so many messages unanswered. */
	void chat(List<NativePerson> people, int count, int inFlight, int size, long seed) {
		this.process.call("run", Map.of("persons", people.stream().map(NativePerson::name).toList(), "count", count,
				"in_flight", inFlight, "size", size, "seed", seed));
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
		JsonNode answer = this.process.call("check", arguments);
		Map<String, JsonNode> faults = new LinkedHashMap<>();
		answer.get("counts")
			.propertyStream()
			.filter((count) -> count.getValue().intValue() > 0)
			.forEach((count) -> faults.put(count.getKey(), answer.get(count.getKey())));
		return new Verdict(answer.get("wanted").intValue(), answer.get("answered").intValue(), faults);
	}

	Stats stats() {
		return this.process.call("stats", Map.of(), Stats.class);
	}

	/**
	 * What the agent has published.
	 * @return the bundle, and the one-time prekeys that are left
	 */
	JsonNode bundle() {
		return this.process.call("bundle", Map.of());
	}

	/** The ciphertext that was uploaded. */
	byte[] blob(String id) {
		return this.process.call("blobs", Map.of()).get("blobs").get(id).binaryValue();
	}

	/** Stores ciphertext for the agent. */
	void putBlob(String id, byte[] ciphertext) {
		this.process.call("put_blob", Map.of("blob_id", id, "b64", Base64.getEncoder().encodeToString(ciphertext)));
	}

	/**
	 * How large the uploaded blobs are.
	 * @return the sizes in bytes, in order
	 */
	List<Integer> blobSizes() {
		return this.process.call("blobs", Map.of())
			.get("blobs")
			.valueStream()
			.map((blob) -> Base64.getDecoder().decode(blob.stringValue()).length)
			.sorted()
			.toList();
	}

	/** Sends a hostile frame; {@code src/test/python/README.md} lists the kinds. */
	void inject(String kind) {
		this.process.call("inject", Map.of("kind", kind));
	}

	void injectText(String text) {
		this.process.call("inject", Map.of("text", text));
	}

	/** Sends one message in so many WebSocket frames. */
	void injectFragments(String text, int fragments) {
		this.process.call("inject", Map.of("text", text, "fragments", fragments));
	}

	/** Sends bytes that need not be a WebSocket frame. */
	void injectBytes(byte[] bytes) {
		this.process.call("inject", Map.of("raw_b64", Base64.getEncoder().encodeToString(bytes)));
	}

	/** Sends a frame once, or with {@code keep} until it is acknowledged. */
	void injectFrame(Map<String, ?> frame, boolean keep) {
		this.process.call("inject", Map.of("frame", frame, "keep", keep));
	}

	/** Forgets messages that are not acknowledged. */
	void forget(String... ids) {
		this.process.call("forget", Map.of("ids", ids));
	}

	void ignoreAcknowledgements(boolean on) {
		this.process.call("ignore_acks", Map.of("on", on));
	}

	/** Closes the connection properly. */
	void disconnect(int closeCode) {
		this.process.call("disconnect", Map.of("code", closeCode));
	}

	/** Cuts the connection. */
	void cut() {
		this.process.call("disconnect", Map.of());
	}

	/** The connection stays open, but nobody reads or writes on the relay's side. */
	void halfOpen() {
		this.process.call("half_open", Map.of());
	}

	/** The connection works, but its pings stay without an answer. */
	void mutePongs() {
		this.process.call("mute_pongs", Map.of());
	}

	/** Answers all requests, the upgrade too, with an HTTP status. */
	void refuseWithStatus(int status) {
		this.process.call("refuse", Map.of("status", status));
	}

	/** Closes each new connection at once. */
	void refuseWithCloseCode(int closeCode) {
		this.process.call("refuse", Map.of("close", closeCode));
	}

	void acceptAgain() {
		this.process.call("refuse", Map.of());
	}

	/** Closes the port and cuts everything. */
	void down() {
		this.process.call("down", Map.of());
	}

	/** Opens the same port again. */
	void up() {
		this.process.call("up", Map.of());
	}

	@Override
	public void close() {
		this.process.close();
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
