package com.pacerelle.client.history;

/**
 * A history record cannot be opened: it is damaged or forged, or belongs to another
 * message, conversation, sender or key than the expected one.
 */
public final class InvalidHistoryRecordException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidHistoryRecordException(String message) {
		super(message);
	}

}
