package com.pacerelle.client;

import java.time.Duration;
import java.util.List;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.lang.CheckReturnValue;

/**
 * An agent's connection to the relay. It reconnects by itself from {@link #start()} to
 * {@link #stop(Duration)}, and neither loses nor duplicates messages.
 * <p>
 * Neither the token nor content is ever logged here. The token is part of the socket's
 * address, though: the loggers {@code io.netty} and {@code reactor.netty} show it at
 * {@code DEBUG} and below, so leave them at {@code INFO} wherever logs are kept.
 */
public interface AgentGatewayClient {

	/**
	 * Publishes the prekeys and connects in the background, and reconnects until
	 * {@link #stop(Duration)}. Calling it again changes nothing.
	 * @throws IllegalStateException if the client was stopped: it does not start again
	 */
	void start();

	/**
	 * Gives the agent another token, such as the next runtime token of Agent Connect
	 * (gateway.md section 9). An open connection stays open; later requests and
	 * connections use the new token, and a client that waits because its token was
	 * refused connects at once.
	 * @param token the token; secret
	 * @throws InvalidSettingException if the token is blank or has white space
	 */
	void replaceToken(String token);

	/**
	 * Waits for the first connection.
	 * @return completes when the client is connected; fails with
	 * {@link RelayUnreachableException} or {@link TokenRefusedException} when the first
	 * attempt fails, while attempts go on in the background, and with
	 * {@link ClientStoppedException} when the client stops before
	 */
	@CheckReturnValue
	Mono<Void> connected();

	/**
	 * Stops receiving, waits for running handlers, sends what is committed, and closes
	 * the connection. The store stays open. Questions that are open fail with
	 * {@link ClientStoppedException}, and so does whatever is asked of the client once
	 * its handlers are done, or is not done when it has stopped.
	 * @param grace how long to wait for handlers
	 * @return completes when everything is released
	 */
	@CheckReturnValue
	Mono<Void> stop(Duration grace);

	/**
	 * The state of the connection.
	 * @return the state
	 */
	ConnectionState state();

	/**
	 * What waits in the client now. Costs next to nothing.
	 * @return the numbers
	 */
	default ClientLoad load() {
		return ClientLoad.NONE;
	}

	/**
	 * Events from now on. Slow subscribers miss some.
	 * @return a hot stream that completes when the client has stopped
	 */
	@CheckReturnValue
	Flux<GatewayEvent> events();

	/**
	 * The code that a person compares with the app's verification dialog (gateway.md
	 * section 2.2). Show it locally, never in the conversation.
	 * @return upper-case hex digits in groups of four
	 */
	String verificationCode();

	/**
	 * The devices of a person, one for each identity in each conversation. Reads the
	 * store.
	 * @param userId the person
	 * @return the devices in the order of their first message
	 */
	List<KnownDevice> devices(String userId);

	/**
	 * The devices of all people that wait for a decision.
	 * @return the devices in the order of their first message
	 * @see NewDevicePolicy#APPROVE
	 */
	List<KnownDevice> waitingDevices();

	/**
	 * Trusts an identity of a person, wherever the person has it.
	 * @param userId the person
	 * @param verificationCode the code of the identity, as {@link #devices} has it
	 * @return completes when it is trusted; fails with {@link IllegalArgumentException}
	 * if the person has no such identity
	 */
	@CheckReturnValue
	Mono<Void> trustDevice(String userId, String verificationCode);

	/**
	 * Refuses an identity of a person, wherever the person has it: nothing is taken from
	 * it any more, and nothing sent to it.
	 * @param userId the person
	 * @param verificationCode the code of the identity, as {@link #devices} has it
	 * @return completes when it is refused; fails with {@link IllegalArgumentException}
	 * if the person has no such identity
	 */
	@CheckReturnValue
	Mono<Void> refuseDevice(String userId, String verificationCode);

	/**
	 * Forgets an identity of a person, wherever the person has it, with its sessions and
	 * what was decided about it, so that the app can be installed anew on the same
	 * device. What it sent and is still waiting is rejected, and so is what a refused
	 * device sent before it was refused. Whoever comes next under the id of the device
	 * counts as new, and is trusted as the first device if the person has no other: also
	 * the one that is forgotten, once it starts a new session.
	 * @param userId the person
	 * @param verificationCode the code of the identity, as {@link #devices} has it
	 * @return completes when it is forgotten; fails with {@link IllegalArgumentException}
	 * if the person has no such identity
	 */
	@CheckReturnValue
	Mono<Void> forgetDevice(String userId, String verificationCode);

	/**
	 * The messages that could not be handled and are kept. Reads the store.
	 * @return the messages in the order of their last failure
	 */
	List<DeadLetter> deadLetters();

	/**
	 * Calls the handler again for a message that could not be handled. If it fails again,
	 * the message stays a dead letter, and the person is not told again.
	 * @param messageId the message
	 * @return completes when the message waits for its turn; fails with
	 * {@link IllegalArgumentException} if it is no dead letter
	 */
	@CheckReturnValue
	Mono<Void> retryDeadLetter(String messageId);

	/**
	 * Deletes the content of a message that could not be handled.
	 * @param messageId the message
	 * @return completes when it is deleted; fails with {@link IllegalArgumentException}
	 * if it is no dead letter
	 */
	@CheckReturnValue
	Mono<Void> discardDeadLetter(String messageId);

	/**
	 * A conversation, to send to at any time.
	 * @param to the id of the person, or {@code group:<conversation id>}
	 * @param conversationId the conversation
	 * @return the conversation, whether anybody wrote in it or not
	 */
	Conversation conversation(String to, String conversationId);

	/**
	 * The conversations that can be written to, such as for an announcement: of people
	 * who have written under end-to-end encryption and whose device is trusted, and of
	 * groups that a member has given a key of. People who are known from a group only are
	 * reached through the group. Reads the store page by page, as fast as it is asked to.
	 * @return the conversations, people first; fails with {@link ClientStoppedException}
	 * when the client has stopped
	 */
	@CheckReturnValue
	Flux<Conversation> conversations();

	/**
	 * Encrypts and uploads a file without sending it. Send it, any number of times, with
	 * {@link AgentFile#of(AgentAttachment)}.
	 * @param file the file
	 * @return the uploaded attachment, with its key; fails with
	 * {@link com.pacerelle.client.message.FileTransferException}, with
	 * {@link IllegalArgumentException} if it is too large, with
	 * {@link IllegalStateException} if end-to-end encryption is off
	 */
	@CheckReturnValue
	Mono<AgentAttachment> upload(AgentFile file);

	/**
	 * Makes an attachment readable that does not come from a client, such as one that a
	 * job stored before a restart. Those of a message are readable.
	 * @param attachment the attachment, with its key
	 * @return the attachment, downloaded by this client
	 */
	AgentAttachment readable(AgentAttachment attachment);

}
