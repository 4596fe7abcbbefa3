package com.pacerelle.client.outbound;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.IssuedWidget.Answering;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Who may answer which widget: only who was asked, where they were asked, with an
 * identity that was known then, in time, and once (gateway.md section 11).
 */
public final class IssuedWidgets {

	private final AgentStore store;

	public IssuedWidgets(AgentStore store) {
		this.store = store;
	}

	/**
	 * What to store when something is sent.
	 * @param destination where it is sent
	 * @param askedBy the message whose handler asks and waits, or {@code null}
	 * @param content what is sent
	 * @param widgetId the id it is sent with, or {@code null} if it has none
	 * @param now when
	 * @return the change, or {@code null} if there is nothing to store
	 */
	@Nullable Change sent(Destination destination, @Nullable String askedBy, Content content, @Nullable String widgetId,
			Instant now) {
		ConversationKey conversation = destination.conversation();
		if (content instanceof Widget<?> widget && widgetId != null) {
			return new Change.WidgetIssued(new IssuedWidget(conversation.conversationId(), widgetId, conversation.to(),
					addressee(destination, widget), askedBy, now, widget.expiresAt(), answering(widget),
					widget.header().data(), Polls.ballot(widget), null));
		}
		Instant expiresAt = (content instanceof WidgetUpdate update) ? expiresAt(update) : null;
		return (expiresAt != null) ? new Change.WidgetExpiryChanged(conversation.conversationId(),
				((WidgetUpdate) content).ref(), conversation.to(), expiresAt) : null;
	}

	/**
	 * In a group, a widget in answer to a message asks its sender. All can vote, and see
	 * and cancel a progress.
	 */
	private @Nullable String addressee(Destination destination, Widget<?> widget) {
		if (!destination.conversation().isGroup()) {
			return destination.conversation().to();
		}
		if (widget.responseMode() == ResponseMode.COLLECTIVE || widget instanceof Progress
				|| destination.replyTo() == null) {
			return null;
		}
		ReplyContext answered = this.store.replyContext(destination.replyTo());
		return (answered != null) ? answered.userId() : null;
	}

	private static Answering answering(Widget<?> widget) {
		if (widget.responseMode() == ResponseMode.COLLECTIVE) {
			return Answering.COLLECTIVE;
		}
		return (widget instanceof Permission) ? Answering.REVOCABLE : Answering.ONCE;
	}

	private static @Nullable Instant expiresAt(WidgetUpdate update) {
		try {
			return (update.patch().get("expires_at") instanceof String text) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/**
	 * The widget that the handler of a message has sent before to ask.
	 * @param conversation where
	 * @param widgetId the widget
	 * @param messageId the message
	 * @return the widget, or {@code null} if there is none
	 */
	@Nullable IssuedWidget askedBefore(ConversationKey conversation, String widgetId, String messageId) {
		return find(conversation, widgetId).stream()
			.filter((widget) -> messageId.equals(widget.askedBy()))
			.findFirst()
			.orElse(null);
	}

	private List<IssuedWidget> find(ConversationKey conversation, String widgetId) {
		return this.store.issuedWidgets(conversation.conversationId(), widgetId, conversation.to());
	}

	/**
	 * Decides which widget a message answers. The decision is the same whenever the
	 * message comes again.
	 * @param message the message
	 * @param widgetId the widget that it names
	 * @param arrival when it came first, and from whom
	 * @return the widget, or why there is none
	 */
	public Answered answered(InboundMessage message, String widgetId, Arrival arrival) {
		AnswerRefused.Reason refusal = AnswerRefused.Reason.NOT_ASKED;
		for (IssuedWidget widget : find(message.conversation(), widgetId)) {
			if (message.id().equals(widget.answeredBy())) {
				return new Answered(widget, false, null);
			}
			if (widget.addressee() != null && !widget.addressee().equals(message.from())) {
				continue;
			}
			boolean first = widget.answering() != Answering.COLLECTIVE && widget.answeredBy() == null;
			AnswerRefused.Reason reason = refusal(message, widget, first, arrival);
			if (reason == null) {
				return new Answered(widget, first, null);
			}
			refusal = (refusal == AnswerRefused.Reason.NOT_ASKED) ? reason : refusal;
		}
		return new Answered(null, false, refusal);
	}

	private AnswerRefused.@Nullable Reason refusal(InboundMessage message, IssuedWidget widget, boolean first,
			Arrival arrival) {
		boolean revocation = widget.answering() == Answering.REVOCABLE && !first;
		if (widget.answeredBy() != null && !revocation) {
			return AnswerRefused.Reason.ANSWERED;
		}
		if (widget.expiresAt() != null && !arrival.receivedAt().isBefore(widget.expiresAt()) && !revocation) {
			return AnswerRefused.Reason.EXPIRED;
		}
		if (!isKnownSince(widget.issuedAt(), message, arrival.identity())) {
			return AnswerRefused.Reason.NEW_IDENTITY;
		}
		return (first && arrival.stored()) ? AnswerRefused.Reason.NOT_ASKED : null;
	}

	/**
	 * The members of a group share a key: the protocol does not prove who of them
	 * answers.
	 */
	private boolean isKnownSince(Instant issuedAt, InboundMessage message, @Nullable KnownIdentity identity) {
		if (message.conversation().isGroup() || !message.encrypted()) {
			return true;
		}
		Instant since = (identity != null) ? this.store.trustedSince(message.from(), identity.identity()) : null;
		return since != null && !since.isAfter(issuedAt);
	}

	/**
	 * How an answer came.
	 *
	 * @param receivedAt when it came first
	 * @param identity the identity that it was decrypted with, or {@code null} if there
	 * is none
	 * @param stored whether it came before: if it counted, that was stored then
	 */
	public record Arrival(Instant receivedAt, @Nullable KnownIdentity identity, boolean stored) {
	}

	/**
	 * What a message answers.
	 *
	 * @param widget the widget, or {@code null} if the answer is refused
	 * @param first whether this is to be stored as its answer
	 * @param refusal why it is refused, or {@code null}
	 */
	public record Answered(@Nullable IssuedWidget widget, boolean first, AnswerRefused.@Nullable Reason refusal) {
	}

}
