package com.pacerelle.client.connection;

/**
 * Receives the frames of a session, on the event loop: must not block.
 */
public interface FrameListener {

	/**
	 * A session begins, in which the relay delivers again what was not acknowledged.
	 */
	default void opened() {
	}

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

	/**
	 * Whether to read on although there has been no room for long: pings have to be
	 * answered. Messages for which there is no room are left at the relay then.
	 * @return whether to read on
	 */
	default boolean mayLeave() {
		return false;
	}

}
