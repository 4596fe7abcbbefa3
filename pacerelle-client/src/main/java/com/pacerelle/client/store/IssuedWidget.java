package com.pacerelle.client.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A widget that was sent, and who may answer it. Its {@code toString()} has no data.
 *
 * @param conversationId the conversation
 * @param widgetId the widget
 * @param recipient where it was sent: the id of a person, or
 * {@code group:<conversation id>}
 * @param addressee the person who was asked, or {@code null} if it is every member of the
 * group
 * @param askedBy the message whose handler asked and waits for the answer, or
 * {@code null} if it was only sent
 * @param issuedAt when it was sent
 * @param expiresAt until when it can be answered, or {@code null}
 * @param answering how often it can be answered
 * @param data what the application stored with it, as JSON, or {@code null}
 * @param ballot what can be voted for, or {@code null} if votes are not counted
 * @param answeredBy the message that answered it, or {@code null} if none did, or several
 * can
 */
public record IssuedWidget(String conversationId, String widgetId, String recipient, @Nullable String addressee,
		@Nullable String askedBy, Instant issuedAt, @Nullable Instant expiresAt, Answering answering,
		@Nullable String data, @Nullable String ballot, @Nullable String answeredBy) {

	@Override
	public String toString() {
		return "IssuedWidget[conversationId=" + this.conversationId + ", widgetId=" + this.widgetId + "]";
	}

	/**
	 * How often a widget can be answered.
	 */
	public enum Answering {

		/** One answer. */
		ONCE,

		/** Of each person the last answer. */
		COLLECTIVE,

		/**
		 * One answer in time; those that follow can only take back what it granted, and
		 * that is for the policy of the permissions to decide.
		 */
		REVOCABLE

	}

}
