package com.pacerelle.dev;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * The conversation that the page shows: what was said lately, and how the agent is. Each
 * browser that looks on gets all of it first and then every change.
 */
final class Chat {

	private static final int MAX_ENTRIES = 500;

	private static final int MAX_UNSENT_CHANGES = 2 * MAX_ENTRIES;

	/**
	 * A change, as the page's script takes it: an entry replaces the one with its id.
	 */
	sealed interface Change {

		/**
		 * A message.
		 *
		 * @param id its id
		 * @param from {@code person} or {@code agent}
		 * @param text its text
		 * @param acknowledged whether the agent has taken responsibility for it
		 */
		record Entry(String id, String from, String text, boolean acknowledged) implements Change {

			@Override
			public String toString() {
				return "Entry[id=" + this.id + ", from=" + this.from + "]";
			}

		}

		/**
		 * How the agent is.
		 *
		 * @param conversationId the conversation, another one in each relay
		 * @param connected whether it is connected
		 * @param verificationCode its verification code, or {@code null} if it has not
		 * published its keys yet
		 * @param identityChanged whether its identity waits to be trusted
		 */
		record Status(String conversationId, boolean connected, @Nullable String verificationCode,
				boolean identityChanged) implements Change {
		}

	}

	private final Person person;

	private final Mailbox mailbox;

	private final Set<FluxSink<Change>> browsers = new CopyOnWriteArraySet<>();

	private final Map<String, Change.Entry> entries = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Change.Entry> eldest) {
			return size() > MAX_ENTRIES;
		}
	};

	Chat(Person person, Mailbox mailbox, Flux<RelayEvent> events) {
		this.person = person;
		this.mailbox = mailbox;
		person.received().subscribe((message) -> put(new Change.Entry(message.id(), "agent", message.text(), true)));
		events.subscribe(this::update);
	}

	synchronized void send(String text) {
		String id = this.person.send(text);
		put(new Change.Entry(id, "person", text, false));
	}

	synchronized void trustNewIdentity() {
		this.person.trustNewIdentity();
		tell(status());
	}

	/**
	 * Ends with an error when a browser does not keep up: it connects again and gets
	 * everything.
	 */
	Flux<Change> changes() {
		return Flux.<Change>create(this::open, FluxSink.OverflowStrategy.IGNORE)
			.onBackpressureBuffer(MAX_UNSENT_CHANGES);
	}

	private synchronized void open(FluxSink<Change> browser) {
		browser.next(status());
		this.entries.values().forEach(browser::next);
		this.browsers.add(browser);
		browser.onDispose(() -> this.browsers.remove(browser));
	}

	private synchronized void update(RelayEvent event) {
		if (event instanceof RelayEvent.MessageAcknowledged acknowledged) {
			Change.Entry entry = this.entries.get(acknowledged.messageId());
			if (entry != null) {
				put(new Change.Entry(entry.id(), entry.from(), entry.text(), true));
			}
		}
		else {
			tell(status());
		}
	}

	private synchronized void put(Change.Entry entry) {
		this.entries.put(entry.id(), entry);
		tell(entry);
	}

	private Change.Status status() {
		return new Change.Status(this.person.address().conversationId(), this.mailbox.isConnected(),
				this.person.verificationCode(), this.person.identityChanged());
	}

	private void tell(Change change) {
		this.browsers.forEach((browser) -> browser.next(change));
	}

}
