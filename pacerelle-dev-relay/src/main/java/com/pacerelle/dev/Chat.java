package com.pacerelle.dev;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.KnownDevice;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * What the page shows: its people and groups, what was said lately, and how the agent is.
 * Each browser that looks on gets all of it first and then every change.
 */
final class Chat {

	private static final Logger logger = LoggerFactory.getLogger(Chat.class);

	private static final int MAX_ENTRIES = 500;

	private static final int MAX_PEOPLE = 100;

	private static final int MAX_UNSENT_CHANGES = 2 * (MAX_ENTRIES + MAX_PEOPLE);

	private static final String DEVICE = "browser";

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,64}");

	/**
	 * A change, as the page's script takes it: an entry replaces the one with its id.
	 */
	sealed interface Change {

		/**
		 * A device of a person in a conversation.
		 *
		 * @param id its id on the page
		 * @param userId the person
		 * @param deviceId the device
		 * @param conversationId the conversation
		 * @param group whether it is that of a group
		 */
		record Participant(String id, String userId, @Nullable String deviceId, String conversationId,
				boolean group) implements Change {
		}

		/**
		 * A message.
		 *
		 * @param id its id
		 * @param participant who sent it, or received it first
		 * @param from {@code person} or {@code agent}
		 * @param text its text
		 * @param replyToMessageId the message that it answers, or {@code null}
		 * @param ciphertextSize the size of the encrypted text, in bytes
		 * @param at when the relay saw it, in milliseconds
		 * @param acknowledged whether the agent has taken responsibility for it
		 * @param acknowledgedAt when it did, in milliseconds, or {@code null}
		 */
		record Entry(String id, String participant, String from, String text, @Nullable String replyToMessageId,
				int ciphertextSize, long at, boolean acknowledged, @Nullable Long acknowledgedAt) implements Change {

			private Entry acknowledgedAt(long time) {
				return new Entry(this.id, this.participant, this.from, this.text, this.replyToMessageId,
						this.ciphertextSize, this.at, true, time);
			}

			@Override
			public String toString() {
				return "Entry[id=" + this.id + ", from=" + this.from + "]";
			}

		}

		/**
		 * How the agent is.
		 *
		 * @param conversationId the first conversation, another one in each relay
		 * @param connected whether it is connected
		 * @param verificationCode its verification code, or {@code null} if it has not
		 * published its keys yet
		 * @param identityChanged whether its identity waits to be trusted
		 * @param tokenRefused whether the relay refuses its token
		 */
		record Status(String conversationId, boolean connected, @Nullable String verificationCode,
				boolean identityChanged, boolean tokenRefused) implements Change {
		}

		/**
		 * What the operator of the agent decides on.
		 *
		 * @param deadLetters the messages that could not be handled
		 * @param devices the identities of people, each once
		 */
		record Decisions(List<DeadLetter> deadLetters, List<KnownDevice> devices) implements Change {
		}

	}

	private final DevRelay relay;

	private final Mailbox mailbox;

	private final Clock clock = Clock.systemUTC();

	private final Person developer;

	private final Map<String, Person> people = new ConcurrentHashMap<>();

	private final Map<Person, Change.Participant> participants = new LinkedHashMap<>();

	private final Set<FluxSink<Change>> browsers = new CopyOnWriteArraySet<>();

	private @Nullable AgentGatewayClient agent;

	private Change.@Nullable Decisions decisions;

	private final Map<String, Change.Entry> entries = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Change.Entry> eldest) {
			return size() > MAX_ENTRIES;
		}
	};

	Chat(DevRelay relay, Mailbox mailbox, Flux<RelayEvent> events) {
		this.relay = relay;
		this.mailbox = mailbox;
		this.developer = relay.person("developer", newConversation(), DEVICE);
		add(this.developer, false);
		events.subscribe(this::update);
	}

	/**
	 * Adds a person in a conversation of their own.
	 * @return the participant's id
	 */
	synchronized String addPerson(String name) {
		checkRoom(1);
		return add(this.relay.person(checked(name), newConversation(), DEVICE), false);
	}

	/**
	 * Adds another device of a person in the same conversation.
	 * @return the participant's id
	 */
	synchronized String addDevice(String participant) {
		checkRoom(1);
		Change.Participant first = participant(person(participant));
		long devices = this.participants.values()
			.stream()
			.filter((other) -> other.userId().equals(first.userId())
					&& other.conversationId().equals(first.conversationId()))
			.count();
		String device = DEVICE + "-" + (devices + 1);
		return add(first.group() ? this.relay.group(first.conversationId()).member(first.userId(), device)
				: this.relay.person(first.userId(), first.conversationId(), device), first.group());
	}

	/**
	 * Adds a group.
	 * @return the id of its first member
	 */
	synchronized String addGroup(List<String> names) {
		List<String> members = names.stream().map(Chat::checked).distinct().toList();
		if (members.isEmpty()) {
			throw new ProtocolViolationException("A group has members");
		}
		checkRoom(members.size());
		Group group = this.relay.group(newConversation());
		return members.stream().map((name) -> add(group.member(name, DEVICE), true)).toList().get(0);
	}

	/** Whoever sends is told by an event, and so are all browsers. */
	void send(@Nullable String participant, String text) {
		person(participant).send(text);
	}

	/**
	 * Sends files with a text, or as the answer to a widget.
	 * @param participant who sends
	 * @param text the text, possibly empty
	 * @param widgetId the file picker, or {@code null}
	 * @param files the files
	 */
	void send(@Nullable String participant, String text, @Nullable String widgetId, List<PersonFile> files) {
		if (widgetId != null) {
			person(participant).answerWithFiles(widgetId, files);
		}
		else {
			person(participant).send(text, files);
		}
	}

	/**
	 * A file of a message.
	 * @return the file, or {@code null} if there is no such message or file
	 * @throws IllegalStateException if the relay has no room for it any more
	 */
	@Nullable PersonFile file(String messageId, int index) {
		Change.Entry entry = entry(messageId);
		if (entry == null) {
			return null;
		}
		List<PersonFile> files = files(entry);
		return (index < files.size()) ? files.get(index) : null;
	}

	private List<PersonFile> files(Change.Entry entry) {
		return person(entry.participant())
			.files(new ReceivedMessage(entry.id(), entry.text(), entry.replyToMessageId()));
	}

	synchronized void trustNewIdentity() {
		this.people.values().forEach(Person::trustNewIdentity);
		tell(status());
	}

	void renewIdentity(@Nullable String participant) {
		person(participant).renewIdentity();
	}

	/**
	 * What happened in a conversation, as the source of a test.
	 * @param participant who takes part in it
	 */
	synchronized String scene(String participant) {
		Change.Participant chosen = participant(person(participant));
		List<Change.Participant> participants = this.participants.values()
			.stream()
			.filter((other) -> chosen.group() ? other.conversationId().equals(chosen.conversationId())
					: other.equals(chosen))
			.toList();
		List<String> ids = participants.stream().map(Change.Participant::id).toList();
		List<Change.Entry> conversation = this.entries.values()
			.stream()
			.filter((entry) -> ids.contains(entry.participant()))
			.toList();
		return Scene.source(participants, conversation, this::files);
	}

	/** The agent in this process, after each restart of the application another one. */
	synchronized void operate(AgentGatewayClient client) {
		this.agent = client;
		refreshDecisions();
	}

	/** While somebody looks on: no event tells of every change. */
	void refresh() {
		if (!this.browsers.isEmpty()) {
			refreshDecisions();
		}
	}

	private synchronized void refreshDecisions() {
		if (this.agent == null) {
			return;
		}
		try {
			Change.Decisions next = new Change.Decisions(this.agent.deadLetters(), devices(this.agent));
			if (!next.equals(this.decisions)) {
				this.decisions = next;
				tell(next);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("The agent's store cannot be read: the application ends or starts again", ex);
		}
	}

	private List<KnownDevice> devices(AgentGatewayClient agent) {
		Stream<KnownDevice> onThePage = this.participants.values()
			.stream()
			.map(Change.Participant::userId)
			.distinct()
			.flatMap((userId) -> agent.devices(userId).stream());
		Map<List<String>, KnownDevice> identities = new LinkedHashMap<>();
		Stream.concat(agent.waitingDevices().stream(), onThePage)
			.forEach((device) -> identities.putIfAbsent(List.of(device.userId(), device.verificationCode()), device));
		return List.copyOf(identities.values());
	}

	Mono<Void> decideOnDeadLetter(String messageId, String decision) {
		return decide(switch (decision) {
			case "retry" -> agent().retryDeadLetter(messageId);
			case "discard" -> agent().discardDeadLetter(messageId);
			default -> throw new ProtocolViolationException("A dead letter is retried or discarded");
		});
	}

	Mono<Void> decideOnDevice(String userId, String verificationCode, String decision) {
		return decide(switch (decision) {
			case "trust" -> agent().trustDevice(userId, verificationCode);
			case "refuse" -> agent().refuseDevice(userId, verificationCode);
			case "forget" -> agent().forgetDevice(userId, verificationCode);
			default -> throw new ProtocolViolationException("A device is trusted, refused or forgotten");
		});
	}

	private Mono<Void> decide(Mono<Void> decision) {
		return decision.onErrorMap(IllegalArgumentException.class,
				(ex) -> new IllegalStateException("There is nothing to decide on any more", ex));
	}

	private synchronized AgentGatewayClient agent() {
		if (this.agent == null) {
			throw new IllegalStateException("The agent is not in this process");
		}
		return this.agent;
	}

	void disconnect() {
		this.relay.disconnectAgent();
	}

	void failNext(Fault fault) {
		this.relay.failNext(fault);
	}

	synchronized void refuseToken(boolean refused) {
		this.relay.refuseToken(refused);
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
		this.participants.values().forEach(browser::next);
		this.entries.values().forEach(browser::next);
		if (this.decisions != null) {
			browser.next(this.decisions);
		}
		this.browsers.add(browser);
		browser.onDispose(() -> this.browsers.remove(browser));
	}

	private synchronized void update(RelayEvent event) {
		if (event instanceof RelayEvent.MessageAcknowledged acknowledged) {
			Change.Entry entry = this.entries.get(acknowledged.messageId());
			if (entry != null && !entry.acknowledged()) {
				put(entry.acknowledgedAt(this.clock.millis()));
			}
		}
		else if (event instanceof RelayEvent.MessageExchanged message) {
			show(message);
		}
		else {
			tell(status());
		}
	}

	/** A group's message is shown once, however many members read it. */
	private void show(RelayEvent.MessageExchanged message) {
		Change.Participant participant = this.participants.get(message.person());
		if (participant == null || this.entries.containsKey(message.id())) {
			return;
		}
		long now = this.clock.millis();
		Change.Entry entry = new Change.Entry(message.id(), participant.id(), message.fromAgent() ? "agent" : "person",
				message.text(), message.replyToMessageId(), message.ciphertextSize(), now, message.fromAgent(), null);
		// The agent may have acknowledged it before this event.
		boolean acknowledged = !message.fromAgent() && !this.mailbox.contains(message.id());
		put(acknowledged ? entry.acknowledgedAt(now) : entry);
	}

	private String add(Person person, boolean group) {
		PersonAddress address = person.address();
		Change.Participant participant = new Change.Participant("p" + (this.participants.size() + 1), address.userId(),
				address.deviceId(), address.conversationId(), group);
		this.people.put(participant.id(), person);
		this.participants.put(person, participant);
		tell(participant);
		return participant.id();
	}

	private synchronized Change.@Nullable Entry entry(String messageId) {
		return this.entries.get(messageId);
	}

	private Change.Participant participant(Person person) {
		Change.Participant participant = this.participants.get(person);
		if (participant == null) {
			throw new IllegalStateException("The person is not on the page");
		}
		return participant;
	}

	private Person person(@Nullable String participant) {
		if (participant == null) {
			return this.developer;
		}
		Person person = this.people.get(participant);
		if (person == null) {
			throw new ProtocolViolationException("There is no such person");
		}
		return person;
	}

	private synchronized void put(Change.Entry entry) {
		this.entries.put(entry.id(), entry);
		tell(entry);
	}

	private Change.Status status() {
		return new Change.Status(this.developer.conversationId(), this.mailbox.isConnected(),
				this.developer.verificationCode(), this.people.values().stream().anyMatch(Person::identityChanged),
				this.relay.refusesToken());
	}

	private void tell(Change change) {
		this.browsers.forEach((browser) -> browser.next(change));
	}

	private void checkRoom(int added) {
		if (this.participants.size() + added > MAX_PEOPLE) {
			throw new IllegalStateException("The page has no room for more than " + MAX_PEOPLE + " people");
		}
	}

	private static String checked(String name) {
		if (!NAME.matcher(name).matches()) {
			throw new ProtocolViolationException("A name has 1 to 64 letters, digits, dots, hyphens or underscores");
		}
		return name;
	}

	private static String newConversation() {
		return UUID.randomUUID().toString();
	}

}
