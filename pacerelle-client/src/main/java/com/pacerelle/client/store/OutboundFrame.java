package com.pacerelle.client.store;

/**
 * A frame that is ready for the socket, byte for byte.
 *
 * @param sequence its place in the order of sending, greater than 0
 * @param json the frame
 */
public record OutboundFrame(long sequence, String json) {

	@Override
	public String toString() {
		return "OutboundFrame[sequence=" + this.sequence + "]";
	}

}
