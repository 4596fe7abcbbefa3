package com.pacerelle.client;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import reactor.core.publisher.Mono;

/**
 * Where messages of the agent go: a person, or a group, in a conversation. Handlers get
 * the one of their message, whose device and reference the messages keep;
 * {@link AgentGatewayClient#conversation(String, String)} gives one at any time.
 */
public interface Conversation {

	/**
	 * The id of the conversation.
	 * @return not empty
	 */
	String id();

	/**
	 * Who is written to.
	 * @return the id of a person, or {@code group:<conversation id>}
	 */
	String to();

	/**
	 * Whether it is a group.
	 * @return whether messages go to all members of a group
	 */
	boolean isGroup();

	/**
	 * The same conversation, in which messages refer to an earlier one and go to the
	 * device it came from.
	 * @param messageId the message that is answered
	 * @return the conversation
	 */
	Conversation replyingTo(String messageId);

	/**
	 * The same conversation on one device of the person. In a group it changes nothing.
	 * @param deviceId the device
	 * @return the conversation
	 */
	Conversation onDevice(String deviceId);

	/**
	 * Sends something now, without waiting for the end of a handler.
	 * @param content what to send
	 * @return the message, once it is committed; fails with
	 * {@link com.pacerelle.signal.NoSessionException} if the person never wrote in this
	 * conversation, with {@link GroupKeyException} if there is no key of the group, with
	 * {@link IllegalArgumentException} if the answered message belongs to another
	 * conversation or person
	 */
	Mono<SentMessage> send(Content content);

	/**
	 * Sends a text.
	 * @param text the text
	 * @return as {@link #send(Content)}
	 */
	default Mono<SentMessage> sendMessage(String text) {
		return send(new Reply(text));
	}

}
