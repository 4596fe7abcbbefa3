package com.pacerelle.client;

/**
 * A question was not answered before {@code expires_at} of its widget.
 */
public final class AnswerExpiredException extends NoAnswerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param widgetId the id of the widget
	 */
	public AnswerExpiredException(String widgetId) {
		super(widgetId, "The widget '" + widgetId + "' has expired");
	}

}
