package com.pacerelle.client;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Counts the votes on collective widgets (gateway.md section 5.2).
 */
final class Polls {

	private final AgentStore store;

	Polls(AgentStore store) {
		this.store = store;
	}

	/**
	 * What to store when something is sent.
	 * @param conversationId the conversation
	 * @param content what is sent
	 * @param widgetId the id it is sent with, or {@code null} if it has none
	 * @param sentAt when
	 * @return the change, or {@code null} if nobody votes on it
	 */
	static @Nullable Change sent(String conversationId, Content content, @Nullable String widgetId, Instant sentAt) {
		if (widgetId == null || !(content instanceof Widget<?> widget)
				|| widget.responseMode() != ResponseMode.COLLECTIVE) {
			return null;
		}
		Ballot ballot = Ballot.of(widget);
		return (ballot != null) ? new Change.PollSent(conversationId, widgetId, ballot.toJson(), sentAt) : null;
	}

	/**
	 * What to store when a message comes.
	 * @param message the message
	 * @return the change, or {@code null} if it is no valid vote
	 */
	@Nullable Change cast(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		String json = (response != null) ? this.store.ballot(message.conversationId(), response.ref()) : null;
		if (response == null || json == null) {
			return null;
		}
		if (response.cancelled()) {
			return new Change.VoteCast(message.conversationId(), response.ref(), message.from(), null);
		}
		Object value = response.value();
		List<?> vote = (value instanceof List<?> several) ? several : (value != null) ? List.of(value) : null;
		if (vote == null || !Ballot.ofJson(json).allows(vote, value instanceof List)) {
			return null;
		}
		return new Change.VoteCast(message.conversationId(), response.ref(), message.from(),
				GatewayJson.MAPPER.writeValueAsString(vote));
	}

	/**
	 * The votes so far.
	 * @param <T> the type of an option
	 * @param conversationId the conversation
	 * @param widgetId the widget
	 * @param type the type of an option
	 * @return the tally, or {@code null} if nobody votes on the widget
	 * @throws IllegalArgumentException if the options are of another type
	 */
	<T> @Nullable Tally<T> tally(String conversationId, String widgetId, Class<T> type) {
		String json = this.store.ballot(conversationId, widgetId);
		if (json == null) {
			return null;
		}
		Map<String, List<Object>> votes = new LinkedHashMap<>();
		this.store.votes(conversationId, widgetId)
			.forEach((person, vote) -> votes.put(person, options(GatewayJson.MAPPER.readTree(vote))));
		return new Tally<>(Ballot.ofJson(json).options(), votes).map((option) -> {
			if (!type.isInstance(option)) {
				throw new IllegalArgumentException("'type' must be " + option.getClass().getName() + ", the options of"
						+ " widget '" + widgetId + "' are no " + type.getName());
			}
			return type.cast(option);
		});
	}

	private static List<Object> options(JsonNode array) {
		return array.valueStream()
			.<Object>map((option) -> option.isBoolean() ? option.booleanValue() : option.stringValue())
			.toList();
	}

	/**
	 * What can be voted for.
	 *
	 * @param options the options
	 * @param multi whether for several at once
	 */
	private record Ballot(List<Object> options, boolean multi) {

		static @Nullable Ballot of(Widget<?> widget) {
			if (widget instanceof Confirm) {
				return new Ballot(List.of(true, false), false);
			}
			if (widget instanceof Choice choice) {
				return new Ballot(ids(choice.options()), false);
			}
			return (widget instanceof Choices choices) ? new Ballot(ids(choices.options()), true) : null;
		}

		private static List<Object> ids(List<Option> options) {
			return options.stream().<Object>map(Option::id).toList();
		}

		static Ballot ofJson(String json) {
			JsonNode node = GatewayJson.MAPPER.readTree(json);
			return new Ballot(Polls.options(node.get("options")), node.get("multi").booleanValue());
		}

		String toJson() {
			return GatewayJson.MAPPER.writeValueAsString(this);
		}

		boolean allows(List<?> vote, boolean several) {
			return several == this.multi && new HashSet<>(this.options).containsAll(vote)
					&& new HashSet<>(vote).size() == vote.size();
		}

	}

}
