package com.pacerelle.client.inbound;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.encryption.Identities;
import com.pacerelle.client.encryption.VerificationCode;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.outbound.Destination;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.KnownIdentity.State;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.SignalProtocolException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a trusted device of a person whether a new one is the person's, and takes the
 * answer (gateway.md section 11). The widget is named after the new identity, so that an
 * answer counts for this one and no other.
 */
public final class DeviceApproval {

	private static final String WIDGET = "pacerelle-device-";

	private static final Logger logger = LoggerFactory.getLogger(DeviceApproval.class);

	private final AgentStore store;

	private final Identities identities;

	private final Sender sender;

	private final AgentMessageHandler handler;

	private final Clock clock;

	/**
	 * Creates the approval.
	 * @param store where identities are
	 * @param identities told about decisions
	 * @param sender sends questions and accepts answers
	 * @param handler says what people are asked
	 * @param clock tells the time
	 */
	public DeviceApproval(AgentStore store, Identities identities, Sender sender, AgentMessageHandler handler,
			Clock clock) {
		this.store = store;
		this.identities = identities;
		this.sender = sender;
		this.handler = handler;
		this.clock = clock;
	}

	/**
	 * Asks about an identity, once.
	 * @param waiting the identity
	 */
	void ask(KnownIdentity waiting) {
		if (waiting.state() != State.WAITING) {
			return;
		}
		String question = this.handler.sentenceFor(Identities.describe(waiting));
		List<KnownIdentity> devices = question.isBlank() ? List.of()
				: this.store.identities(waiting.userId())
					.stream()
					.filter(this::canBeAsked)
					.sorted(Comparator.comparing((KnownIdentity one) -> !isSameConversation(one, waiting))
						.thenComparing((one) -> !Objects.equals(one.deviceId(), waiting.deviceId())))
					.toList();
		for (KnownIdentity device : devices) {
			if (ask(device, waiting, question)) {
				return;
			}
		}
		logger.warn("No other device of {} is asked about the one that waits: decide with"
				+ " AgentGatewayClient.trustDevice or refuseDevice", PrintableId.of(waiting.userId()));
	}

	/** Members of a group have identities also where they are not written to. */
	private boolean canBeAsked(KnownIdentity device) {
		return device.state() == State.TRUSTED && (device.deviceId() == null
				|| this.store.lastDevice(device.userId(), device.conversationId()) != null);
	}

	private static boolean isSameConversation(KnownIdentity one, KnownIdentity other) {
		return one.conversationId().equals(other.conversationId());
	}

	private boolean ask(KnownIdentity device, KnownIdentity waiting, String question) {
		Destination destination = new Destination(new ConversationKey(device.userId(), device.conversationId()),
				device.deviceId(), null);
		try {
			Permission permission = Permission.of(question)
				.id(widgetId(waiting.identity()))
				.body(VerificationCode.of(waiting.identity()));
			this.sender.send(destination, permission, List.of(decision(waiting, State.ASKED)));
			return true;
		}
		catch (StoreConflictException ex) {
			// Another message of it was faster, or somebody has decided.
			return true;
		}
		catch (SignalProtocolException ex) {
			logger.debug("A device cannot be asked: {}", ex.getClass().getSimpleName());
			return false;
		}
	}

	private static String widgetId(EcPublicKey identity) {
		return WIDGET + VerificationCode.of(identity).replace(" ", "");
	}

	private Change decision(KnownIdentity identity, State state) {
		return new Change.IdentityDecided(identity.userId(), identity.identity(), state, this.clock.instant());
	}

	/**
	 * Takes a message if it is an answer to such a question. Only a device counts that
	 * was trusted before the other one came; what others answer is accepted and has no
	 * effect.
	 * @param inbound the message
	 * @param message what it says
	 * @return whether it was such an answer
	 */
	boolean answer(InboundMessage inbound, AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		if (response == null || !response.ref().startsWith(WIDGET)) {
			return false;
		}
		KnownIdentity asked = asked(inbound, response.ref());
		State decision = read(response);
		if (asked == null || decision == null) {
			logger.warn("Message {} decides about no device: it comes from one that was not trusted before, or is no"
					+ " decision", PrintableId.of(message.id()));
			this.sender.accept(inbound, List.of());
			return true;
		}
		this.sender.accept(inbound, List.of(decision(asked, decision)));
		this.identities.decided(asked, decision);
		return true;
	}

	private @Nullable KnownIdentity asked(InboundMessage inbound, String widgetId) {
		KnownIdentity by = inbound.conversation().isGroup() ? null
				: this.store.knownIdentity(inbound.from(), inbound.deviceId(), inbound.conversation().conversationId());
		// Its first use counts, wherever that was.
		return this.store.identities(inbound.from())
			.stream()
			.filter((one) -> one.state() == State.ASKED && widgetId(one.identity()).equals(widgetId))
			.findFirst()
			.filter((one) -> by != null && by.state() == State.TRUSTED && by.firstSeen().isBefore(one.firstSeen()))
			.orElse(null);
	}

	private static @Nullable State read(WidgetResponse response) {
		if (response.cancelled() || !(response.value() instanceof Map<?, ?> value)
				|| !(value.get("granted") instanceof Boolean granted)) {
			return null;
		}
		return granted ? State.TRUSTED : State.REFUSED;
	}

}
