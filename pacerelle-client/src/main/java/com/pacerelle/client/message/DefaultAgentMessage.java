package com.pacerelle.client.message;

import java.util.List;

import com.pacerelle.client.codec.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What a message consists of. Not public, so that more can be added.
 */
record DefaultAgentMessage(String id, String conversationId, String from, @Nullable String fromDeviceId, boolean group,
		boolean encrypted, String text, List<AgentAttachment> attachments, @Nullable String replyToMessageId,
		@Nullable WidgetResponse widgetResponse, @Nullable WidgetUpdate widgetUpdate) implements AgentMessage {

	@Override
	public String toString() {
		return "AgentMessage[id=" + Printable.id(this.id) + ", conversationId=" + Printable.id(this.conversationId)
				+ "]";
	}

}
