package com.pacerelle.client.message;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Answers as they come.
 */
final class Answers {

	private Answers() {
	}

	static AgentMessage of(@Nullable Object value, AgentAttachment... attachments) {
		return message(new WidgetResponse("answer-1", "widget-1", value, false), attachments);
	}

	static AgentMessage cancelled() {
		return message(new WidgetResponse("answer-1", "widget-1", null, true));
	}

	private static AgentMessage message(WidgetResponse response, AgentAttachment... attachments) {
		return new AgentMessage("message-1", "conversation-1", "alice", null, false, true, "", List.of(attachments),
				null, response, null);
	}

	static AgentAttachment file(String id, String name, String mime) {
		return new AgentAttachment(id, name, mime, 1, "blob-" + id, null, null, null, null, null, null, null);
	}

}
