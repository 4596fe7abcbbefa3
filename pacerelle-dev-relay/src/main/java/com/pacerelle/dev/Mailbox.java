package com.pacerelle.dev;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The messages that the agent has not acknowledged, in their order. A new connection gets
 * all of them. Connections of one agent compete: messages go to the newest one, and to
 * the one before it when that ends.
 */
final class Mailbox {

	/** The greatest length of all messages together, in characters. */
	static final int CAPACITY = 64 * 1024 * 1024;

	private static final Duration DELAY = Duration.ofSeconds(2);

	private record Letter(String from, String conversationId, String frame) {
	}

	private final Map<String, Letter> letters = new LinkedHashMap<>();

	private final Deque<AgentConnection> connections = new ArrayDeque<>();

	private long size;

	private @Nullable Fault next;

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
			return;
		}
		switch (fault) {
			case DROP -> {
			}
			case DUPLICATE -> {
				send(messageId);
				send(messageId);
			}
			case DELAY -> Mono.delay(DELAY).subscribe((tick) -> send(messageId));
		}
	}

	/** What happens to the next message that is added. */
	synchronized void failNext(Fault fault) {
		this.next = fault;
	}

	private synchronized void send(String messageId) {
		Letter letter = this.letters.get(messageId);
		if (letter != null && !this.connections.isEmpty()) {
			this.connections.getLast().send(letter.frame());
		}
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
