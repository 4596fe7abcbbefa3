package com.pacerelle.client.connection;

/**
 * How a session ended, as far as it matters to what was written to it.
 */
public enum SessionEnd {

	/** With a close frame, of this side or of the relay: what it has read is safe. */
	ORDERLY,

	/** The relay may have lost what it read last. */
	LOST,

	/** The relay has refused a frame as too large. */
	FRAME_TOO_LARGE

}
