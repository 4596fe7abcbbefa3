package com.pacerelle.client;

/**
 * Writes frames to one session, from any thread; never waits.
 */
interface FrameWriter {

	/**
	 * Writes a frame after those written before.
	 * @param json the frame
	 * @param sequence its place in the order of sending, or 0 if it has none
	 */
	void write(String json, long sequence);

	/**
	 * Ends the session.
	 * @param reason why, for the log
	 */
	void close(String reason);

}
