package com.pacerelle.client;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import com.pacerelle.client.store.AgentStore;

/**
 * Starts units of work in which payloads are encrypted and decrypted.
 *
 * @param settings the settings
 * @param store where keys and sessions are
 * @param groupKeys gets the keys of groups
 * @param events told about new keys
 * @param preKeyListener called when a one-time prekey was used
 * @param random the source of all keys
 * @param clock tells the time
 */
record PayloadCiphers(AgentGatewaySettings settings, AgentStore store, GroupKeys groupKeys, Events events,
		Runnable preKeyListener, SecureRandom random, Clock clock) {

	/**
	 * What the relay has for whoever writes to a conversation. Blocks for the network: no
	 * lock may be held.
	 * @param conversation the conversation
	 * @return the new keys of a group, which reflect its present members
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	List<GroupKeyEnvelope> fetchToWrite(ConversationKey conversation) {
		return (conversation.isGroup() && this.settings.encrypted())
				? this.groupKeys.fetch(conversation.conversationId()) : List.of();
	}

	/**
	 * Starts a unit of work. The lock of the conversation is held until it is committed.
	 * @param envelopes keys that the relay had
	 * @return the unit of work
	 */
	PayloadCipher start(List<GroupKeyEnvelope> envelopes) {
		return new PayloadCipher(this, envelopes);
	}

}
