package com.pacerelle.client.conversation;

import java.time.Duration;
import java.time.Instant;

import com.pacerelle.client.AnswerExpiredException;
import com.pacerelle.client.AnswerTimeoutException;
import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.outbound.Sender;
import org.jspecify.annotations.Nullable;

/**
 * Until when an answer is waited for.
 *
 * @param at until when
 * @param expiry whether the widget expires then, else the application waits no longer
 * @param replayed whether the widget was sent by an earlier run of the handler
 */
record AnswerDeadline(Instant at, boolean expiry, boolean replayed) {

	/**
	 * How long a handler that runs again waits at least, for the answer that is delivered
	 * again behind its message.
	 */
	private static final Duration REPLAY = Duration.ofSeconds(5);

	/**
	 * When the answer must be there.
	 * @param asked the widget
	 * @param timeout how long the application waits, or {@code null} for ever
	 * @return the deadline, or {@code null} if there is none
	 */
	static @Nullable AnswerDeadline of(Sender.Sent asked, @Nullable Duration timeout) {
		Instant expiresAt = asked.expiresAt();
		Instant timeoutAt = (timeout != null) ? asked.at().plus(timeout) : null;
		if (expiresAt != null && (timeoutAt == null || !expiresAt.isAfter(timeoutAt))) {
			return new AnswerDeadline(expiresAt, true, asked.before());
		}
		return (timeoutAt != null) ? new AnswerDeadline(timeoutAt, false, asked.before()) : null;
	}

	/**
	 * How long there is left.
	 * @param now the time
	 * @return not negative
	 */
	Duration remaining(Instant now) {
		Duration remaining = Duration.between(now, this.at);
		Duration least = this.replayed ? REPLAY : Duration.ZERO;
		return (remaining.compareTo(least) > 0) ? remaining : least;
	}

	NoAnswerException failure(String widgetId) {
		return this.expiry ? new AnswerExpiredException(widgetId) : new AnswerTimeoutException(widgetId);
	}

}
