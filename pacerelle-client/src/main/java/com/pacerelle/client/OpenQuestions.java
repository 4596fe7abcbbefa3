package com.pacerelle.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

/**
 * The widgets that somebody in this process waits for.
 */
final class OpenQuestions {

	private final Map<Key, Open> questions = new ConcurrentHashMap<>();

	/**
	 * Begins to wait.
	 * @param conversation where
	 * @param person the only one whose answer counts, or {@code null} for anybody's
	 * @param widgetId the widget
	 * @return completes with the answer; the caller ends the wait by completing it in
	 * another way
	 * @throws IllegalStateException if somebody waits for this widget already
	 */
	CompletableFuture<Answer> open(ConversationKey conversation, @Nullable String person, String widgetId) {
		Key key = new Key(conversation, widgetId);
		Open open = new Open(person, new CompletableFuture<>());
		if (this.questions.putIfAbsent(key, open) != null) {
			throw new IllegalStateException("Widget '" + widgetId
					+ "' is being asked in this conversation already: give" + " the second one another id, or none");
		}
		open.answer.whenComplete((answer, failure) -> this.questions.remove(key, open));
		return open.answer;
	}

	/**
	 * Gives a message to whoever waits for it.
	 * @param inbound the message
	 * @param message what it says
	 * @return whether somebody has taken it, who accepts it as well
	 */
	boolean offer(InboundMessage inbound, AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		Open open = (response != null) ? this.questions.get(new Key(inbound.conversation(), response.ref())) : null;
		return open != null && (open.person == null || open.person.equals(inbound.from()))
				&& open.answer.complete(new Answer(inbound, message));
	}

	/**
	 * An answer that is not accepted yet.
	 *
	 * @param inbound the message
	 * @param message what it says
	 */
	record Answer(InboundMessage inbound, AgentMessage message) {
	}

	private record Key(ConversationKey conversation, String widgetId) {
	}

	private record Open(@Nullable String person, CompletableFuture<Answer> answer) {
	}

}
