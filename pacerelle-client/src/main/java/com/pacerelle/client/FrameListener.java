package com.pacerelle.client;

/**
 * Receives the frames of a session, on the event loop: nothing of this may block.
 */
interface FrameListener {

	/**
	 * A text frame came.
	 * @param utf8 its text
	 */
	void received(byte[] utf8);

	/**
	 * A frame came that is no text, or no valid one.
	 */
	void ignored();

	/**
	 * Whether more can be taken. If not, somebody calls {@link ConnectionLoop#resume()}
	 * later.
	 * @return whether to read on
	 */
	boolean hasRoom();

}
