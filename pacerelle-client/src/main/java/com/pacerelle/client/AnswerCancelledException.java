package com.pacerelle.client;

/**
 * The person cancelled a question.
 */
public final class AnswerCancelledException extends NoAnswerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param widgetId the id of the widget
	 */
	public AnswerCancelledException(String widgetId) {
		super(widgetId, "The widget '" + widgetId + "' was cancelled");
	}

}
