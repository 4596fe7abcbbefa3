package com.pacerelle.client.outbound;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.wire.ConversationKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Counts the votes on collective widgets (gateway.md section 5.2).
 */
public final class Polls {

	private final AgentStore store;

	public Polls(AgentStore store) {
		this.store = store;
	}

	/**
	 * What can be voted for.
	 * @param widget the widget
	 * @return the ballot, or {@code null} if votes on it are not counted
	 */
	static @Nullable String ballot(Widget<?> widget) {
		Ballot ballot = (widget.responseMode() == ResponseMode.COLLECTIVE) ? Ballot.of(widget) : null;
		return (ballot != null) ? ballot.toJson() : null;
	}

	/**
	 * What to store when an answer comes.
	 * @param widget what is answered
	 * @param person who answers
	 * @param response the answer
	 * @return the change, or {@code null} if it is no valid vote
	 */
	public static @Nullable Change cast(IssuedWidget widget, String person, WidgetResponse response) {
		String json = widget.ballot();
		if (json == null) {
			return null;
		}
		if (response.cancelled()) {
			return new Change.VoteCast(widget.conversationId(), widget.widgetId(), person, null);
		}
		Object value = response.value();
		List<?> vote = (value instanceof List<?> several) ? several : (value != null) ? List.of(value) : null;
		if (vote == null || !Ballot.ofJson(json).allows(vote, value instanceof List)) {
			return null;
		}
		return new Change.VoteCast(widget.conversationId(), widget.widgetId(), person,
				GatewayJson.MAPPER.writeValueAsString(vote));
	}

	/**
	 * The votes so far.
	 * @param <T> the type of an option
	 * @param conversation the conversation
	 * @param widgetId the widget
	 * @param type the type of an option
	 * @return the tally, or {@code null} if nobody votes on the widget
	 * @throws IllegalArgumentException if the options are of another type
	 */
	public <T> @Nullable Tally<T> tally(ConversationKey conversation, String widgetId, Class<T> type) {
		String json = this.store.issuedWidgets(conversation.conversationId(), widgetId, conversation.to())
			.stream()
			.map(IssuedWidget::ballot)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (json == null) {
			return null;
		}
		Map<String, List<Object>> votes = new LinkedHashMap<>();
		this.store.votes(conversation.conversationId(), widgetId)
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
