package com.pacerelle.sample;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A group whose members encrypt and decrypt with the published SDK's own functions.
 */
final class NativeGroup {

	private final JsonLinesProcess peer;

	private final String conversationId;

	NativeGroup(JsonLinesProcess peer, String conversationId) {
		this.peer = peer;
		this.conversationId = conversationId;
	}

	/** The members use a new key from now on. */
	void rotate(long epoch) {
		this.peer.call("rotate_group", Map.of("conversation_id", this.conversationId, "epoch", epoch));
	}

	/** A member gives the agent the present key. */
	void distribute(NativePerson member) {
		distribute(member, Map.of(), Map.of());
	}

	/**
	 * The same with other fields.
	 * @param member the member
	 * @param envelope fields that the relay sees
	 * @param inside fields that are encrypted
	 */
	void distribute(NativePerson member, Map<String, ?> envelope, Map<String, ?> inside) {
		this.peer.call("distribute", Map.of("conversation_id", this.conversationId, "person", member.name(), "envelope",
				envelope, "inside", inside));
	}

	/**
	 * A member writes to the group.
	 * @param member the member
	 * @param text the text, to which a word is added that no log may contain
	 * @return the message's id
	 */
	String send(NativePerson member, String text) {
		return send(member, text, Map.of());
	}

	/** A message with a wrong bit. */
	String sendTampered(NativePerson member, String text) {
		return send(member, text, Map.of("tamper", "ciphertext"));
	}

	/** A message whose fields were changed after the encryption. */
	String sendTampered(NativePerson member, String text, Map<String, ?> fields) {
		return send(member, text, Map.of("tamper", fields));
	}

	/** A message that delivers a history key. */
	String sendWithHistoryKey(NativePerson member, String text, Map<String, ?> key) {
		return send(member, text, Map.of("history_key", key));
	}

	/** The relay delivers a message again, under another id and as one of a member. */
	String copy(String messageId, NativePerson member) {
		return this.peer
			.call("group_copy",
					Map.of("conversation_id", this.conversationId, "message_id", messageId, "person", member.name()))
			.get("message_id")
			.stringValue();
	}

	private String send(NativePerson member, String text, Map<String, ?> options) {
		Map<String, Object> arguments = new HashMap<>(options);
		arguments.put("conversation_id", this.conversationId);
		arguments.put("person", member.name());
		arguments.put("text", DiscreetLog.SECRET + ' ' + text);
		return this.peer.call("group_send", arguments).get("message_id").stringValue();
	}

	List<GroupReply> replies() {
		return this.peer.call("group_replies", Map.of("conversation_id", this.conversationId), Replies.class).replies();
	}

	/** What the agent wrote, without the word that no log may contain. */
	List<String> texts() {
		return replies().stream().map((reply) -> reply.text().replace(DiscreetLog.SECRET + ' ', "")).toList();
	}

	/**
	 * A message of the agent to the group.
	 *
	 * @param messageId its id
	 * @param replyTo the message that it answers
	 * @param text the decrypted text
	 * @param keyId the key that it was encrypted with
	 * @param historyRecord what came for the archive, or a JSON null
	 */
	record GroupReply(String messageId, @Nullable String replyTo, String text, String keyId, JsonNode historyRecord) {
	}

	private record Replies(List<GroupReply> replies) {
	}

}
