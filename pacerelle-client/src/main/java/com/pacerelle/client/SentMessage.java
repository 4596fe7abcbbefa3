package com.pacerelle.client;

/**
 * A message of the agent which is committed: it is sent now or, without a connection, as
 * soon as there is one, also after a restart.
 *
 * @param id the message's id
 * @param conversationId its conversation
 */
public record SentMessage(String id, String conversationId) {
}
