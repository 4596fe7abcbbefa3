package com.pacerelle.client;

/**
 * A question was not answered within the application's timeout.
 */
public final class AnswerTimeoutException extends NoAnswerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param widgetId the id of the widget
	 */
	public AnswerTimeoutException(String widgetId) {
		super(widgetId, "The widget '" + widgetId + "' was not answered in time");
	}

}
