package com.pacerelle.dev;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages that the agent has not acknowledged, in their order. A new connection gets
 * all of them. Connections of one agent compete: messages go to the newest one, and to
 * the one before it when that ends.
 */
final class Mailbox {

	/** The greatest length of all messages together, in characters. */
	static final int CAPACITY = 64 * 1024 * 1024;

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final int DAMAGED_BYTE = 100;

	private static final Duration DELAY = Duration.ofSeconds(2);

	private record Letter(String from, String conversationId, String frame) {
	}

	private final Map<String, Letter> letters = new LinkedHashMap<>();

	private final Deque<AgentConnection> connections = new ArrayDeque<>();

	private long size;

	private @Nullable Fault next;

	private @Nullable String overtaken;

	synchronized void add(String messageId, String from, String conversationId, String frame) {
		if (this.size + frame.length() > CAPACITY) {
			throw new IllegalStateException("The relay keeps " + this.letters.size()
					+ " messages that the agent has not acknowledged, and has no room for another one");
		}
		this.letters.put(messageId, new Letter(from, conversationId, frame));
		this.size += frame.length();
		Fault fault = this.next;
		this.next = null;
		if (fault == null) {
			send(messageId);
		}
		else {
			send(messageId, fault);
		}
		if (this.overtaken != null && !this.overtaken.equals(messageId)) {
			send(this.overtaken);
			this.overtaken = null;
		}
	}

	private void send(String messageId, Fault fault) {
		switch (fault) {
			case DROP -> {
			}
			case DUPLICATE -> {
				send(messageId);
				send(messageId);
			}
			case DELAY -> Mono.delay(DELAY).subscribe((tick) -> send(messageId));
			case REORDER -> this.overtaken = messageId;
			case CORRUPT -> send(messageId, Mailbox::corrupted);
		}
	}

	/** What happens to the next message that is added. */
	synchronized void failNext(Fault fault) {
		this.next = fault;
	}

	private void send(String messageId) {
		send(messageId, UnaryOperator.identity());
	}

	private synchronized void send(String messageId, UnaryOperator<String> onTheWay) {
		Letter letter = this.letters.get(messageId);
		if (letter != null && !this.connections.isEmpty()) {
			this.connections.getLast().send(onTheWay.apply(letter.frame()));
		}
	}

	/** Damages what comes after the keys of a first message, which are read only once. */
	private static String corrupted(String frame) {
		ObjectNode message = (ObjectNode) MAPPER.readTree(frame);
		byte[] payload = Base64.getDecoder().decode(message.get("payload_b64").stringValue());
		payload[Math.min(DAMAGED_BYTE, payload.length - 1)] ^= 1;
		return message.put("payload_b64", Base64.getEncoder().encodeToString(payload)).toString();
	}

	/**
	 * Removes a message.
	 * @param ack names the message
	 * @return whether the message was there; a repeated acknowledgement is allowed
	 * @throws ProtocolViolationException if it names another person or conversation
	 */
	synchronized boolean acknowledge(AgentFrame.AckRead ack) {
		Letter letter = this.letters.get(ack.messageId());
		if (letter == null) {
			return false;
		}
		if (!letter.from().equals(ack.to()) || !letter.conversationId().equals(ack.conversationId())) {
			throw new ProtocolViolationException("ACK_READ names another person or conversation than its message");
		}
		this.letters.remove(ack.messageId());
		this.size -= letter.frame().length();
		return true;
	}

	synchronized void connect(AgentConnection connection) {
		this.connections.addLast(connection);
		this.overtaken = null;
		this.letters.values().forEach((letter) -> connection.send(letter.frame()));
	}

	synchronized void disconnect(AgentConnection connection) {
		boolean newest = this.connections.peekLast() == connection;
		this.connections.remove(connection);
		if (newest && !this.connections.isEmpty()) {
			this.letters.values().forEach((letter) -> this.connections.getLast().send(letter.frame()));
		}
	}

	synchronized boolean isConnected() {
		return !this.connections.isEmpty();
	}

	synchronized List<AgentConnection> connections() {
		return List.copyOf(this.connections);
	}

	synchronized boolean contains(String messageId) {
		return this.letters.containsKey(messageId);
	}

	synchronized List<String> unacknowledged() {
		return List.copyOf(this.letters.keySet());
	}

}
