package com.pacerelle.client.conversation;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The widgets whose answers this process waits for.
 */
public final class OpenQuestions {

	/** Each keeps what its handler goes on with. */
	private static final int CAPACITY = 50_000;

	private final int capacity;

	private final Map<Key, Open> questions = new ConcurrentHashMap<>();

	private volatile boolean closed;

	/**
	 * Creates an empty collection for 50,000 questions.
	 */
	public OpenQuestions() {
		this(CAPACITY);
	}

	OpenQuestions(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Starts to wait.
	 * @param conversation where
	 * @param person the only person who may answer, or {@code null} for anybody
	 * @param widgetId the widget
	 * @param keeper keeps the answer to be accepted later, before it is delivered; may
	 * refuse
	 * @return the question
	 * @throws IllegalStateException if an answer to this widget is awaited already, or
	 * too many questions are open
	 */
	Open open(ConversationKey conversation, @Nullable String person, String widgetId, Predicate<Answer> keeper) {
		if (this.questions.size() >= this.capacity) {
			throw new IllegalStateException("There are " + this.capacity
					+ " open questions: let them expire, or ask with widgets whose answers have handlers of their own");
		}
		Key key = new Key(conversation, widgetId);
		Open open = new Open(person, keeper);
		if (this.questions.putIfAbsent(key, open) != null) {
			throw new IllegalStateException("Widget '" + widgetId
					+ "' is being asked in this conversation already: give the second one another id, or none");
		}
		open.given.whenComplete((answer, failure) -> this.questions.remove(key, open));
		if (this.closed) {
			open.fail(new ClientStoppedException());
		}
		return open;
	}

	/**
	 * How many answers are waited for.
	 * @return their number
	 */
	public int size() {
		return this.questions.size();
	}

	/**
	 * Ends all questions, also those that are asked later: nobody takes their answers any
	 * more.
	 */
	public void close() {
		this.closed = true;
		this.questions.values().forEach((open) -> open.fail(new ClientStoppedException()));
	}

	/**
	 * Offers a message to the question that it answers.
	 * @param inbound the message
	 * @param message what it says
	 * @return whether a question has taken it, whose asker accepts it as well
	 */
	public boolean offer(InboundMessage inbound, AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		Open open = (response != null) ? this.questions.get(new Key(inbound.conversation(), response.ref())) : null;
		return open != null && (open.person == null || open.person.equals(inbound.from()))
				&& open.give(new Answer(inbound, message));
	}

	/**
	 * An answer that is not accepted yet.
	 *
	 * @param inbound the message
	 * @param message what it says
	 */
	public record Answer(InboundMessage inbound, AgentMessage message) {
	}

	/**
	 * A question that waits for its answer.
	 */
	static final class Open {

		private final @Nullable String person;

		private final CompletableFuture<Answer> given = new CompletableFuture<>();

		private final CompletableFuture<Answer> kept;

		private Open(@Nullable String person, Predicate<Answer> keeper) {
			this.person = person;
			this.kept = this.given.thenApply((answer) -> {
				if (!keeper.test(answer)) {
					throw new CancellationException();
				}
				return answer;
			});
		}

		/**
		 * The outcome.
		 * @return the answer, once it is kept
		 */
		CompletableFuture<Answer> answer() {
			return this.kept;
		}

		/**
		 * Gives the answer. It is kept, or refused, when this returns.
		 * @param answer the answer
		 * @return whether it was taken
		 */
		boolean give(Answer answer) {
			return this.given.complete(answer) && !this.kept.isCompletedExceptionally();
		}

		/**
		 * Ends it without an answer, unless there is one.
		 * @param failure why
		 */
		void fail(RuntimeException failure) {
			this.given.completeExceptionally(failure);
		}

		/**
		 * Stops waiting.
		 */
		void close() {
			this.given.cancel(false);
		}

	}

	private record Key(ConversationKey conversation, String widgetId) {
	}

}
