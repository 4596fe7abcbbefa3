package com.pacerelle.test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.PersonFile;
import com.pacerelle.dev.ReceivedMessage;
import org.assertj.core.api.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A person who writes to the agent under test with one device, and sees what it answers.
 * What is expected is written down in the order of the conversation:
 *
 * <pre class="code">
 * person.says("/deploy 1.2")
 * 	.receives(confirm("confirm-deploy"))
 * 	.answers(true)
 * 	.receives(text("Deployed"));
 * </pre>
 *
 * Each injected person is a new one, named after the field or parameter, in a new
 * conversation: what one test says reaches no other. More people come from
 * {@link TestPeople}.
 * <p>
 * Nothing waits for ever. What does not come in time, or comes in place of something
 * else, is an {@link AssertionError} that shows the conversation so far. For use by one
 * thread.
 */
public final class TestPerson {

	private static final Duration POLL = Duration.ofMillis(10);

	private static final Duration CAUSE_TIMEOUT = Duration.ofSeconds(2);

	private final String name;

	private final Person device;

	private final Function<String, TestPerson> otherDevices;

	private final TestAgent agent;

	private final Duration timeout;

	private final List<String> sent = new ArrayList<>();

	private final BlockingQueue<ReceivedMessage> arrived = new LinkedBlockingQueue<>();

	private final Deque<Received> unread = new ArrayDeque<>();

	private final Map<String, Received.Widget> widgets = new LinkedHashMap<>();

	private final List<String> transcript = Collections.synchronizedList(new ArrayList<>());

	private @Nullable Received current;

	TestPerson(String name, Person device, Function<String, TestPerson> otherDevices, TestAgent agent,
			Duration timeout) {
		this.name = name;
		this.device = device;
		this.otherDevices = otherDevices;
		this.agent = agent;
		this.timeout = timeout;
		device.received().subscribe(this.arrived::add);
	}

	/**
	 * The person's id, as {@code AgentMessage.from()} has it.
	 * @return the id
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The conversation, as {@code AgentMessage.conversationId()} has it.
	 * @return the id
	 */
	public String conversationId() {
		return this.device.conversationId();
	}

	/**
	 * The same person in the same conversation with another device. What the agent sends
	 * to one device, the other one does not receive.
	 * @param deviceId the device; the first one is {@code phone}
	 * @return the person with that device
	 */
	public TestPerson onDevice(String deviceId) {
		return this.otherDevices.apply(deviceId);
	}

	/**
	 * The agent's verification code, as the app shows it to compare.
	 * @return the code, or {@code null} if the agent has not published its keys yet
	 */
	public @Nullable String verificationCode() {
		return this.device.verificationCode();
	}

	/**
	 * Gives this device of the person another identity in all its conversations, as when
	 * the app is installed anew on it.
	 * @return this person
	 */
	public TestPerson renewsIdentity() {
		this.device.renewIdentity();
		this.transcript.add(this.name + ": renews the identity");
		return this;
	}

	/**
	 * Sends a text. While the agent is not connected, it waits at the relay.
	 * @param text the text
	 * @return this person
	 */
	public TestPerson says(String text) {
		return send(text, () -> this.device.send(text));
	}

	/**
	 * Sends files with a text.
	 * @param text the text, possibly empty
	 * @param files the files
	 * @return this person
	 */
	public TestPerson sends(String text, PersonFile... files) {
		return send(text + " " + names(List.of(files)), () -> this.device.send(text, List.of(files)));
	}

	/**
	 * Waits for the next message of the agent, which has to be the expected one. Updates
	 * of widgets are no messages: see {@link #sees}.
	 * @param expected such as {@link PacerelleConditions#text}
	 * @return this person
	 * @throws AssertionError if another message comes first, or none
	 */
	public TestPerson receives(Condition<? super Received> expected) {
		Received next = next(expected.description().value());
		if (!expected.matches(next)) {
			throw failure("Expected %s, but received %s".formatted(expected.description().value(), next));
		}
		return this;
	}

	/**
	 * Waits for the next message of the agent, for assertions of all kinds.
	 * @return the message
	 * @throws AssertionError if none comes
	 */
	public Received receives() {
		return next("a message");
	}

	/**
	 * Waits until one of the widgets that were received is as expected after its updates,
	 * such as a progress that goes on. The widget is what the next answer is for.
	 * @param expected such as {@code progress("build").with("value", 100)}
	 * @return this person
	 * @throws AssertionError if none is in time
	 */
	public TestPerson sees(Condition<? super Received> expected) {
		long deadline = deadline();
		while (true) {
			for (Received.Widget widget : this.widgets.values()) {
				Received shown = new Received("", List.of(), widget);
				if (expected.matches(shown)) {
					this.current = shown;
					return this;
				}
			}
			Received further = take(deadline);
			if (further != null) {
				this.unread.add(further);
			}
			else if (System.nanoTime() - deadline >= 0) {
				throw timeout("Expected to see " + expected.description().value());
			}
		}
	}

	/**
	 * Waits until the agent has handled all messages of this person, and expects that it
	 * has sent nothing that was not received here before.
	 * @return this person
	 * @throws AssertionError if there is another message, or a message is still handled
	 */
	public TestPerson receivesNothing() {
		await("Expected the agent to handle all messages",
				() -> Collections.disjoint(this.agent.unacknowledged(), this.sent));
		Received further = (this.unread.isEmpty()) ? take(System.nanoTime()) : this.unread.poll();
		if (further != null) {
			throw failure("Expected nothing, but received " + further);
		}
		return this;
	}

	/**
	 * The message that was received last.
	 * @return the message; a widget as it was when it was received or seen
	 * @throws AssertionError if there is none
	 */
	public Received received() {
		if (this.current == null) {
			throw failure("Nothing was received yet");
		}
		return this.current;
	}

	/**
	 * Answers the widget that was received last, with what the app can send: a
	 * {@link Boolean} for a confirmation; the id of an option, or an enum, for a choice,
	 * a {@link List} of them for several; a {@link Map} or a record for a form; a
	 * {@code LocalDate}, {@code LocalTime} or {@code LocalDateTime}; a
	 * {@link PersonFile}, or a {@link List} of them, for a file picker.
	 * @param answer the answer
	 * @return this person
	 * @throws AssertionError if the widget is answered with something else
	 */
	public TestPerson answers(Object answer) {
		Received.Widget widget = question();
		if (widget.kind().equals("file-picker")) {
			List<PersonFile> files = Answers.files(widget, answer);
			return send("answers " + names(files), () -> this.device.answerWithFiles(widget.id(), files));
		}
		Object value = Answers.value(widget, answer);
		return send("answers " + answer, () -> this.device.answer(widget.id(), value));
	}

	/**
	 * Sends an answer as it is to the widget that was received last, also one that the
	 * app would not send, to see that the agent refuses it.
	 * @param json what JSON can say
	 * @return this person
	 */
	public TestPerson answersUnchecked(Object json) {
		Received.Widget widget = question();
		return send("answers " + json, () -> this.device.answer(widget.id(), json));
	}

	/**
	 * Grants the permission that was asked for last, for the first scope that is offered.
	 * @return this person
	 * @throws AssertionError if the widget is no permission
	 */
	public TestPerson grants() {
		return grant(null);
	}

	/**
	 * Grants the permission that was asked for last.
	 * @param scope for how long
	 * @return this person
	 * @throws AssertionError if the widget is no permission, or does not offer the scope
	 */
	public TestPerson grants(PermissionScope scope) {
		return grant(scope.name().toLowerCase(Locale.ROOT));
	}

	private TestPerson grant(@Nullable String scope) {
		Received.Widget widget = question();
		Object value = Answers.grant(widget, scope);
		return send("grants " + value, () -> this.device.answer(widget.id(), value));
	}

	/**
	 * Denies the permission that was asked for last.
	 * @return this person
	 * @throws AssertionError if the widget is no permission
	 */
	public TestPerson denies() {
		Received.Widget widget = question();
		Object value = Answers.deny(widget);
		return send("denies", () -> this.device.answer(widget.id(), value));
	}

	/**
	 * Cancels the widget that was received last: refuses to answer a question, or stops a
	 * progress.
	 * @return this person
	 * @throws AssertionError if it is a progress that cannot be cancelled
	 */
	public TestPerson cancels() {
		Received.Widget widget = question();
		if (!widget.kind().equals("progress")) {
			return send("cancels", () -> this.device.cancel(widget.id()));
		}
		if (!Boolean.TRUE.equals(widget.spec().get("cancellable"))) {
			throw new AssertionError("The " + widget + " cannot be cancelled");
		}
		return send("cancels", () -> this.device.answer(widget.id(), Map.of("cancelled", true)));
	}

	private Received.Widget question() {
		Received received = received();
		if (received.widget() == null) {
			throw failure("Nothing is to be answered: received last was " + received);
		}
		return received.widget();
	}

	private TestPerson send(String line, Supplier<String> message) {
		await("Expected the agent to publish its keys", () -> verificationCode() != null);
		this.transcript.add(this.name + ": " + line);
		this.sent.add(message.get());
		return this;
	}

	private Received next(String expected) {
		long deadline = deadline();
		Received next = this.unread.poll();
		// An update may come alone, before the message.
		while (next == null && System.nanoTime() - deadline < 0) {
			next = take(deadline);
		}
		if (next == null) {
			throw timeout("Expected " + expected + ", but received nothing");
		}
		this.current = next;
		return next;
	}

	/** Takes the next message and the updates before it. */
	private @Nullable Received take(long deadline) {
		try {
			ReceivedMessage message = poll(deadline);
			while (message != null) {
				Received received = read(message);
				if (received != null) {
					return received;
				}
				message = this.arrived.poll();
			}
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure("The test was interrupted");
		}
	}

	private @Nullable ReceivedMessage poll(long deadline) throws InterruptedException {
		return this.arrived.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
	}

	private @Nullable Received read(ReceivedMessage message) {
		Payload payload = Payload.read(message.text());
		if (payload.updatedId() != null) {
			this.transcript.add("agent: update of '" + payload.updatedId() + "' " + payload.spec());
			this.widgets.computeIfPresent(payload.updatedId(), (id, widget) -> payload.update(widget));
			return null;
		}
		Received received = new Received(payload.text(), this.device.files(message), payload.widget());
		if (payload.widget() != null) {
			this.widgets.put(payload.widget().id(), payload.widget());
		}
		this.transcript.add("agent: " + received);
		return received;
	}

	private void await(String otherwise, BooleanSupplier condition) {
		long deadline = deadline();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline >= 0) {
				throw timeout(otherwise);
			}
			LockSupport.parkNanos(POLL.toNanos());
		}
	}

	private long deadline() {
		return System.nanoTime() + this.timeout.toNanos();
	}

	/** Nothing came: maybe a handler runs, or waits for an answer. */
	private AssertionError timeout(String message) {
		List<String> handled = new ArrayList<>(this.sent);
		handled.retainAll(this.agent.unacknowledged());
		return failure(message + " within " + this.timeout
				+ (handled.isEmpty() ? "" : "; the agent has not finished with " + handled.size() + " message(s)"));
	}

	private AssertionError failure(String message) {
		StringBuilder text = new StringBuilder(message).append(".\nThe conversation so far:");
		List<String> lines = List.copyOf(this.transcript);
		lines.forEach((line) -> text.append("\n  ").append(line));
		if (lines.isEmpty()) {
			text.append(" nothing was said.");
		}
		AssertionError error = new AssertionError(text.toString());
		Throwable cause = cause();
		if (cause != null) {
			error.initCause(cause);
		}
		return error;
	}

	/** What a person is told may be there before the agent has said why. */
	private @Nullable Throwable cause() {
		long deadline = System.nanoTime() + CAUSE_TIMEOUT.toNanos();
		Throwable cause = this.agent.lastFailure(conversationId());
		while (cause == null && !this.sent.isEmpty() && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(POLL.toNanos());
			cause = this.agent.lastFailure(conversationId());
		}
		return cause;
	}

	private static String names(List<PersonFile> files) {
		return files.stream().map(PersonFile::name).toList().toString();
	}

	/**
	 * The conversation so far, one line for each message.
	 */
	@Override
	public String toString() {
		return String.join("\n", List.copyOf(this.transcript));
	}

}
