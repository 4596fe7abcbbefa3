package com.pacerelle.sample;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One device of a human on the native Signal runtime of the published SDK.
 */
final class NativePerson {

	private final JsonLinesProcess peer;

	private final String name;

	NativePerson(JsonLinesProcess peer, String name) {
		this.peer = peer;
		this.name = name;
	}

	String name() {
		return this.name;
	}

	/**
	 * Sends a text.
	 * @param text the text, to which a word is added that no log may contain
	 * @return the message's id
	 */
	String send(String text) {
		return send(Messages.of(text)).ids().get(0);
	}

	Sent send(Messages messages) {
		return this.peer.call("send", messages.from(this.name).arguments(), Sent.class);
	}

	/**
	 * Encrypts a text and delivers nothing.
	 * @param text the text
	 * @return the payload in Base64
	 */
	String encrypt(String text) {
		return this.peer.call("encrypt", Map.of("person", this.name, "text", text)).get("payload_b64").stringValue();
	}

	/** Starts a new session from the agent's present bundle. */
	void startOver() {
		this.peer.call("re_initiate", Map.of("person", this.name));
	}

	/** The same from a bundle in which no one-time prekey is left. */
	void startOverWithoutOneTimePrekey() {
		this.peer.call("re_initiate", Map.of("person", this.name, "one_time", false));
	}

	/** Goes on from an exported snapshot, as an app that was closed does. */
	void restart() {
		this.peer.call("restart", Map.of("persons", List.of(this.name)));
	}

	/**
	 * Says that replies to this device are meant for this person, too.
	 * @param deviceId the device
	 */
	void alsoKnownAs(String deviceId) {
		this.peer.call("alias", Map.of("person", this.name, "device_id", deviceId));
	}

	List<ReceivedReply> replies() {
		return this.peer.call("replies", Map.of("person", this.name), Replies.class).replies();
	}

	/**
	 * What was sent.
	 *
	 * @param ids the ids of the messages
	 * @param dropped the ids of those that the network lost
	 * @param frames the frames, if asked for
	 */
	record Sent(List<String> ids, List<String> dropped, @Nullable List<String> frames) {
	}

	/**
	 * A reply of the agent.
	 *
	 * @param replyTo the message that it answers
	 * @param toDeviceId the device that it is for
	 * @param text the decrypted text
	 * @param envelope the frame without its payload
	 */
	record ReceivedReply(@Nullable String replyTo, @Nullable String toDeviceId, String text, JsonNode envelope) {
	}

	private record Replies(List<ReceivedReply> replies) {
	}

}
