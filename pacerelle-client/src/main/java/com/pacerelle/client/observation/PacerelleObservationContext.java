package com.pacerelle.client.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What a convention knows of an operation. It holds no content.
 */
public class PacerelleObservationContext extends Observation.Context {

	private final PacerelleObservation operation;

	private final @Nullable String conversationId;

	private final @Nullable String messageId;

	private volatile String kind = KeyValue.NONE_VALUE;

	private volatile String outcome = KeyValue.NONE_VALUE;

	private volatile String exception = KeyValue.NONE_VALUE;

	/**
	 * Creates a context.
	 * @param operation what is observed
	 * @param conversationId the conversation, or {@code null} for none
	 * @param messageId the message that came, or is answered, or {@code null} for none
	 */
	public PacerelleObservationContext(PacerelleObservation operation, @Nullable String conversationId,
			@Nullable String messageId) {
		this.operation = operation;
		this.conversationId = conversationId;
		this.messageId = messageId;
	}

	/**
	 * The operation.
	 * @return what is observed
	 */
	public PacerelleObservation getOperation() {
		return this.operation;
	}

	/**
	 * The conversation.
	 * @return its id, or {@code null} for none
	 */
	public @Nullable String getConversationId() {
		return this.conversationId;
	}

	/**
	 * The message that came, or is answered.
	 * @return its id, or {@code null} for none
	 */
	public @Nullable String getMessageId() {
		return this.messageId;
	}

	/**
	 * The kind of the message or question.
	 * @return the kind, or {@code none}
	 */
	public String getKind() {
		return this.kind;
	}

	/**
	 * Sets the kind.
	 * @param kind one of a few
	 */
	public void setKind(String kind) {
		this.kind = kind;
	}

	/**
	 * How the operation ended.
	 * @return the outcome, {@code none} until it is known
	 */
	public String getOutcome() {
		return this.outcome;
	}

	/**
	 * Sets the outcome.
	 * @param outcome one of a few
	 */
	public void setOutcome(String outcome) {
		this.outcome = outcome;
	}

	/**
	 * Why it failed. {@link #getError()} names the types as well, and has the stack trace
	 * without messages.
	 * @return the simple name of the exception's class, or {@code none}
	 */
	public String getException() {
		return this.exception;
	}

	/**
	 * Sets why it failed.
	 * @param type the class of the exception
	 */
	public void setException(Class<? extends Throwable> type) {
		this.exception = type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
	}

}
