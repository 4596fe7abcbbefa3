package com.pacerelle.spring.handler;

import com.pacerelle.client.message.AgentMessage;

/**
 * What a message is, for {@link PacerelleHandler#kind()}.
 */
public enum MessageKind {

	/** Anything. */
	ANY,

	/** A text without files. */
	TEXT,

	/** One or more files, with or without a text; not those of a file picker. */
	ATTACHMENT,

	/** An answer to a widget, cancelled or not. */
	ANSWER;

	boolean includes(AgentMessage message) {
		return this == ANY || this == of(message);
	}

	boolean overlaps(MessageKind other) {
		return this == ANY || other == ANY || this == other;
	}

	/**
	 * A change of a widget is of no kind, so that only {@link #ANY} includes it.
	 */
	private static MessageKind of(AgentMessage message) {
		if (message.widgetResponse() != null) {
			return ANSWER;
		}
		if (message.widgetUpdate() != null) {
			return ANY;
		}
		return message.attachments().isEmpty() ? TEXT : ATTACHMENT;
	}

}
