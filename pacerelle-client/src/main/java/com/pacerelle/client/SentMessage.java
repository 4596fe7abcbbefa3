package com.pacerelle.client;

import org.jspecify.annotations.Nullable;

/**
 * A message of the agent which is committed: it is sent now or, without a connection, as
 * soon as there is one, also after a restart.
 *
 * @param id the message's id
 * @param conversationId its conversation
 * @param widgetId the id of the widget, or {@code null} if it carries none
 */
public record SentMessage(String id, String conversationId, @Nullable String widgetId) {
}
