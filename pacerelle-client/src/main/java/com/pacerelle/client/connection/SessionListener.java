package com.pacerelle.client.connection;

/**
 * Follows the sessions, of which there is one at a time.
 */
public interface SessionListener {

	/**
	 * A session is about to be opened. May block.
	 * @throws RuntimeException if it must not: what came could not be accepted
	 */
	void opening();

	/**
	 * A session begins, and nothing of it was read yet. Called on the event loop: must
	 * not block.
	 * @param writer writes to the session
	 */
	void opened(FrameWriter writer);

	/**
	 * The relay has read all frames up to this one. Called on the event loop: must not
	 * block.
	 * @param writer to which they were written
	 * @param sequence the sequence of the last one, or 0
	 */
	void delivered(FrameWriter writer, long sequence);

	/**
	 * There is no session until another one is opened.
	 * @param end how the last one ended
	 */
	void closed(SessionEnd end);

}
