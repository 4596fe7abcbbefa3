package com.pacerelle.spring.boot.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.StandbyException;
import com.pacerelle.client.permission.PermissionGrant;
import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.spring.permission.PermissionSessions;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to look at the application's agent, and to decide what it
 * cannot decide itself. It shows ids, and nothing that people wrote.
 */
@Endpoint(id = "pacerelle")
public class PacerelleEndpoint {

	/** How many of each are listed: an operator looks at the first ones. */
	static final int MAX_LISTED = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final AgentGatewayClient client;

	private final @Nullable PermissionSessions permissions;

	/**
	 * Creates an endpoint.
	 * @param client the client of the agent
	 * @param permissions what people have allowed, or {@code null}
	 */
	public PacerelleEndpoint(AgentGatewayClient client, @Nullable PermissionSessions permissions) {
		this.client = client;
		this.permissions = permissions;
	}

	/**
	 * Describes the agent.
	 * @return what is known of it
	 */
	@ReadOperation
	public AgentDescriptor agent() {
		LeaseHolder holder = Occupation.of(this.client).holder();
		try {
			return new AgentDescriptor(this.client.state(), holder, this.client.verificationCode(), this.client.load(),
					conversations(), Listed.of(this.client.deadLetters()), Listed.of(this.client.waitingDevices()),
					Listed.of(grants()));
		}
		catch (StandbyException ex) {
			return new AgentDescriptor(ConnectionState.STANDBY, holder, null, this.client.load(), List.of(),
					Listed.of(List.of()), Listed.of(List.of()), Listed.of(grants()));
		}
	}

	/** How many there are is not counted: there may be a million. */
	private List<ConversationDescriptor> conversations() {
		return this.client.conversations()
			.take(MAX_LISTED)
			.map((conversation) -> new ConversationDescriptor(conversation.id(), conversation.isGroup()))
			.onErrorResume(ClientStoppedException.class, (ex) -> Flux.empty())
			.collectList()
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

	private List<PermissionGrant> grants() {
		return (this.permissions == null) ? List.of()
				: this.permissions.current()
					.grants()
					.stream()
					.filter((grant) -> grant.state() == PermissionGrant.State.ACTIVE)
					.toList();
	}

	/**
	 * Decides about something that the agent lists.
	 * @param decision what to do
	 * @param id which one: the id of a dead letter's message, the verification code of a
	 * device, without its spaces or with them, or the id of the request that was granted
	 */
	@WriteOperation
	public void decide(@Selector Decision decision, @Selector String id) {
		try {
			take(decision, id);
		}
		catch (StandbyException ex) {
			throw refused(Objects.requireNonNull(ex.getMessage()));
		}
	}

	private void take(Decision decision, String id) {
		switch (decision) {
			case RETRY -> await(this.client.retryDeadLetter(id));
			case DISCARD -> await(this.client.discardDeadLetter(id));
			case APPROVE -> {
				KnownDevice device = waitingDevice(id);
				await(this.client.trustDevice(device.userId(), device.verificationCode()));
			}
			case REFUSE -> {
				KnownDevice device = waitingDevice(id);
				await(this.client.refuseDevice(device.userId(), device.verificationCode()));
			}
			case REVOKE -> revoke(id);
		}
	}

	private static void await(Mono<Void> decided) {
		try {
			decided.block(PATIENCE);
		}
		catch (IllegalArgumentException ex) {
			throw refused("There is no such dead letter or device");
		}
	}

	private KnownDevice waitingDevice(String verificationCode) {
		String wanted = verificationCode.replace(" ", "");
		return this.client.waitingDevices()
			.stream()
			.filter((device) -> device.verificationCode().replace(" ", "").equalsIgnoreCase(wanted))
			.findFirst()
			.orElseThrow(() -> refused("No device with this verification code waits for approval"));
	}

	private void revoke(String requestId) {
		PermissionPolicy policy = (this.permissions != null) ? this.permissions.current() : null;
		if (policy == null || !policy.revoke(requestId)) {
			throw refused("Nothing was granted for this request");
		}
	}

	static InvalidEndpointRequestException refused(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	/**
	 * What an operator can decide.
	 */
	public enum Decision {

		/** Call the handler again for a dead letter. */
		RETRY,

		/** Delete a dead letter. */
		DISCARD,

		/** Trust a device that waits for approval. */
		APPROVE,

		/** Refuse a device that waits for approval. */
		REFUSE,

		/** Take a permission back. */
		REVOKE

	}

	/**
	 * Describes an agent.
	 *
	 * @param state the state of its connection
	 * @param holder where it runs, and since when, if several applications share its
	 * store
	 * @param verificationCode the code that people compare with the one in their app,
	 * {@code null} on a standby, which knows no more than where the agent runs
	 * @param load what waits in its client
	 * @param conversations the first hundred conversations that can be written to
	 * @param deadLetters the messages that could not be handled
	 * @param waitingDevices the devices that wait for approval
	 * @param grants what people have allowed
	 */
	public record AgentDescriptor(ConnectionState state, @Nullable LeaseHolder holder,
			@Nullable String verificationCode, ClientLoad load, List<ConversationDescriptor> conversations,
			Listed<DeadLetter> deadLetters, Listed<KnownDevice> waitingDevices, Listed<PermissionGrant> grants) {
	}

	/**
	 * Describes a conversation.
	 *
	 * @param id its id, which the relay chose
	 * @param group whether it is that of a group
	 */
	public record ConversationDescriptor(String id, boolean group) {
	}

	/**
	 * The first of many.
	 *
	 * @param <T> the type of one
	 * @param total how many there are
	 * @param first the first hundred
	 */
	public record Listed<T>(int total, List<T> first) {

		static <T> Listed<T> of(List<T> all) {
			return new Listed<>(all.size(), List.copyOf(all.subList(0, Math.min(all.size(), MAX_LISTED))));
		}

	}

}
