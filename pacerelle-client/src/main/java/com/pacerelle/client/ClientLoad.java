package com.pacerelle.client;

/**
 * What waits in a client.
 *
 * @param messages how many messages have come and are not accepted yet
 * @param questions how many answers of people are waited for
 * @param frames how many outgoing frames are not delivered yet
 */
public record ClientLoad(int messages, int questions, int frames) {

	/** Nothing waits. */
	public static final ClientLoad NONE = new ClientLoad(0, 0, 0);

}
