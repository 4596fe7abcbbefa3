package com.pacerelle.client.connection;

/**
 * Receives the frames of a session, on the event loop: must not block.
 */
public interface FrameListener {

	/**
	 * A text frame was received.
	 * @param utf8 its text
	 */
	void received(byte[] utf8);

	/**
	 * A frame was received that is not valid text.
	 */
	void ignored();

	/**
	 * Whether there is room for more. If not, {@link ConnectionLoop#resume()} is called
	 * later.
	 * @return whether to read on
	 */
	boolean hasRoom();

}
