package com.pacerelle.client;

/**
 * A question that stays without an answer.
 */
public abstract sealed class NoAnswerException extends RuntimeException
		permits AnswerCancelledException, AnswerExpiredException, AnswerTimeoutException {

	private static final long serialVersionUID = 1L;

	private final String widgetId;

	NoAnswerException(String widgetId, String message) {
		super(message);
		this.widgetId = widgetId;
	}

	/**
	 * The widget that was not answered.
	 * @return its id
	 */
	public String widgetId() {
		return this.widgetId;
	}

}
