package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An agent of the published SDK and one of ours, each on a relay of its own and with a
 * native person: Alice with her phone in the kitchen.
 */
final class TwinAgents implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private final NativePeer theirPeer = NativePeer.start();

	private final NativePeer ourPeer = NativePeer.start();

	private final NativePerson theirAlice;

	private final NativePerson ourAlice;

	private final SdkAgent theirs = new SdkAgent();

	private final AgentStore store;

	private final AgentGatewayClient ours;

	private @Nullable AgentAttachment uploaded;

	private final List<Handled> handled = new CopyOnWriteArrayList<>();

	TwinAgents(Path directory) {
		this.theirs.start(this.theirPeer.access(), directory.resolve("theirs"));
		RelayAccess relay = this.ourPeer.access();
		this.store = SqliteAgentStore.open(directory.resolve("ours"), relay.agentId());
		this.ours = new DefaultAgentGatewayClient(AgentGatewaySettings.builder(relay.agentId(), relay.token())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()))
			.build(), this.store, (message, conversation) -> {
				this.handled.add(new Handled(message, conversation));
				return Mono.empty();
			});
		this.ours.start();
		this.theirPeer.await(connected());
		this.ourPeer.await(connected());
		this.theirAlice = this.theirPeer.join("alice", "alice", "kitchen", "phone");
		this.ourAlice = this.ourPeer.join("alice", "alice", "kitchen", "phone");
	}

	/**
	 * Has both Alices send the same.
	 * @param messages the messages
	 */
	void receive(Messages messages) {
		this.theirAlice.send(messages);
		this.ourAlice.send(messages);
		this.theirPeer.await(allAcknowledged());
		this.ourPeer.await(allAcknowledged());
	}

	/**
	 * Has both agents upload a file.
	 * @param arguments those of the SDK's method
	 * @param file ours
	 */
	void upload(Map<String, ?> arguments, AgentFile file) {
		this.theirs.call("upload_file", arguments);
		this.uploaded = this.ours.upload(file).block(TIMEOUT);
	}

	/**
	 * What we have uploaded.
	 * @return the file
	 */
	AgentAttachment uploaded() {
		return Objects.requireNonNull(this.uploaded);
	}

	/**
	 * How large the ciphertexts are that the relays have.
	 * @return the sizes in bytes, in order
	 */
	Pair<List<Integer>> blobSizes() {
		return new Pair<>(this.theirPeer.blobSizes(), this.ourPeer.blobSizes());
	}

	/**
	 * Has both agents send one message.
	 * @param call how each does it
	 * @return what each Alice decrypts
	 */
	Pair<ReceivedReply> send(SdkCall call) {
		int before = this.ourAlice.replies().size();
		this.theirs.call(call.method(), call.arguments());
		call.ours().apply(this).block(TIMEOUT);
		this.theirPeer.await(replies(before + 1));
		this.ourPeer.await(replies(before + 1));
		return new Pair<>(onlyNew(this.theirAlice, before), onlyNew(this.ourAlice, before));
	}

	private static ReceivedReply onlyNew(NativePerson person, int before) {
		List<ReceivedReply> replies = person.replies();
		assertThat(replies).hasSize(before + 1);
		return replies.get(before);
	}

	/**
	 * Our conversation with Alice, whenever.
	 * @return the conversation
	 */
	Conversation conversation() {
		return this.ours.conversation("alice", "kitchen");
	}

	/**
	 * What our handler got with a message.
	 * @param messageId the message
	 * @return the message and its conversation
	 */
	Handled handled(String messageId) {
		return this.handled.stream().filter((one) -> one.message().id().equals(messageId)).findFirst().orElseThrow();
	}

	/**
	 * What their handler got with a message.
	 * @param messageId the message
	 * @return the message
	 */
	JsonNode theirsHandled(String messageId) {
		return this.theirs.received(this.handled.size())
			.stream()
			.filter((message) -> message.get("id").stringValue().equals(messageId))
			.findFirst()
			.orElseThrow();
	}

	Map<String, Set<String>> sdkMethods() {
		return this.theirs.methods();
	}

	Pair<JsonNode> bundles() {
		return new Pair<>(this.theirPeer.bundle(), this.ourPeer.bundle());
	}

	Pair<NativePeer.Stats> stats() {
		return new Pair<>(this.theirPeer.stats(), this.ourPeer.stats());
	}

	/**
	 * The verification codes that the agents tell.
	 * @return the codes
	 */
	Pair<String> verificationCodes() {
		return new Pair<>(this.theirs.call("get_verification_code", Map.of()).stringValue(),
				this.ours.verificationCode());
	}

	/**
	 * Expects that neither has violated the protocol.
	 */
	void verify() {
		assertThat(this.theirPeer.check().faults()).doesNotContainKeys("violations", "errors", "strays");
		assertThat(this.ourPeer.check().faults()).doesNotContainKeys("violations", "errors", "strays");
	}

	@Override
	public void close() {
		this.ours.stop(Duration.ofSeconds(1)).block(TIMEOUT);
		this.store.close();
		this.theirs.close();
		this.theirPeer.close();
		this.ourPeer.close();
	}

	/**
	 * What our handler was called with.
	 */
	record Handled(AgentMessage message, Conversation conversation) {
	}

	/**
	 * What is theirs, and what is ours.
	 */
	record Pair<T>(T theirs, T ours) {
	}

}
