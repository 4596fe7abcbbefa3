package com.pacerelle.client.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Empties WebSocket frames that are too large while they stream in, in front of the
 * decoder: without it the decoder would close the connection, the relay would send the
 * same frame again after each reconnect, and the frames behind it would never be
 * delivered. What is left is an empty frame, which is ignored and counted like any other
 * that is not a message.
 */
final class OversizeFrameFilter extends ChannelInboundHandlerAdapter {

	/** Two bytes, eight of an extended length. */
	private static final int MAX_HEADER = 10;

	private final int maxFrameSize;

	private final Runnable bytesListener;

	private final byte[] header = new byte[MAX_HEADER];

	private int headerLength;

	private long remaining;

	private boolean dropping;

	private boolean passedSome;

	/**
	 * Creates a filter that begins with the first byte after the upgrade.
	 * @param maxFrameSize the largest payload of a frame, in bytes
	 * @param bytesListener called when bytes came in
	 */
	OversizeFrameFilter(int maxFrameSize, Runnable bytesListener) {
		this.maxFrameSize = maxFrameSize;
		this.bytesListener = bytesListener;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (!(message instanceof ByteBuf buffer)) {
			context.fireChannelRead(message);
			return;
		}
		this.bytesListener.run();
		try {
			while (buffer.isReadable()) {
				if (this.remaining == 0) {
					readHeader(context, buffer);
				}
				else {
					readPayload(context, buffer);
				}
			}
		}
		finally {
			buffer.release();
		}
	}

	private void readHeader(ChannelHandlerContext context, ByteBuf buffer) {
		this.header[this.headerLength++] = buffer.readByte();
		if (this.headerLength < 2 || this.headerLength < 2 + extendedLength()) {
			return;
		}
		// A relay must not mask its frames; the decoder refuses one that does.
		this.remaining = payloadLength();
		this.dropping = this.remaining < 0 || this.remaining > this.maxFrameSize;
		if (this.dropping) {
			this.remaining &= Long.MAX_VALUE;
			this.header[1] = 0;
			this.headerLength = 2;
		}
		forward(context, context.alloc().buffer(this.headerLength).writeBytes(this.header, 0, this.headerLength));
		this.headerLength = 0;
	}

	private int extendedLength() {
		return switch (this.header[1] & 0x7f) {
			case 126 -> 2;
			case 127 -> 8;
			default -> 0;
		};
	}

	private long payloadLength() {
		int extended = extendedLength();
		if (extended == 0) {
			return this.header[1] & 0x7f;
		}
		long length = 0;
		for (int i = 2; i < 2 + extended; i++) {
			length = (length << 8) | (this.header[i] & 0xff);
		}
		return length;
	}

	private void readPayload(ChannelHandlerContext context, ByteBuf buffer) {
		int length = (int) Math.min(this.remaining, buffer.readableBytes());
		this.remaining -= length;
		if (this.dropping) {
			buffer.skipBytes(length);
		}
		else {
			forward(context, buffer.readRetainedSlice(length));
		}
	}

	private void forward(ChannelHandlerContext context, ByteBuf bytes) {
		this.passedSome = true;
		context.fireChannelRead(bytes);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		boolean starving = !this.passedSome && !context.channel().config().isAutoRead();
		this.passedSome = false;
		context.fireChannelReadComplete();
		if (starving) {
			context.read();
		}
	}

}
