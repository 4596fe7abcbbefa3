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
		return AgentMessage.builder("alice", "conversation-1")
			.id("message-1")
			.attachments(attachments)
			.widgetResponse(response)
			.build();
	}

	static AgentAttachment file(String id, String name, String mime) {
		return AgentAttachment.builder(name, mime).id(id).size(1).blobId("blob-" + id).build();
	}

}
