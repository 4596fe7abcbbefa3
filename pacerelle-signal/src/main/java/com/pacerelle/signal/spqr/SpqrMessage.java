package com.pacerelle.signal.spqr;

import java.nio.ByteBuffer;
import java.util.Arrays;

import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * A message on the wire (spqr.md section 4).
 *
 * @param epoch the sender's braid epoch, unsigned, not 0
 * @param index the number of the chain key, unsigned
 * @param content what the braid says
 */
record SpqrMessage(long epoch, int index, BraidMessage content) {

	static final byte VERSION = 1;

	private static final int MAX_SIZE = 52;

	private static final int MAX_VARINT_SIZE = 10;

	/**
	 * Reads a message of version 1; what follows it is ignored.
	 * @param bytes the bytes of the message
	 * @return the message
	 * @throws SpqrException with {@code MESSAGE_DECODE} if the bytes are not a message
	 */
	static SpqrMessage parse(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		if (!buffer.hasRemaining() || buffer.get() != VERSION) {
			throw malformed("has another version");
		}
		long epoch = varint(buffer);
		if (epoch == 0) {
			throw malformed("has epoch 0");
		}
		long index = varint(buffer);
		if (index >>> 32 != 0) {
			throw malformed("has a key number above 32 bits");
		}
		Type type = buffer.hasRemaining() ? Type.of(buffer.get()) : null;
		if (type == null) {
			throw malformed("has no known type");
		}
		Chunk chunk = type.hasChunk() ? chunk(buffer) : null;
		return new SpqrMessage(epoch, (int) index, new BraidMessage(type, chunk));
	}

	byte[] serialize() {
		byte[] bytes = new byte[MAX_SIZE];
		ByteBuffer buffer = ByteBuffer.wrap(bytes).put(VERSION);
		varint(buffer, this.epoch);
		varint(buffer, Integer.toUnsignedLong(this.index));
		buffer.put((byte) this.content.type().ordinal());
		Chunk chunk = this.content.chunk();
		if (chunk != null) {
			varint(buffer, chunk.index());
			buffer.put(chunk.data());
		}
		return Arrays.copyOf(bytes, buffer.position());
	}

	private static Chunk chunk(ByteBuffer buffer) {
		long index = varint(buffer);
		if (buffer.remaining() < Chunk.SIZE) {
			throw malformed("ends inside a chunk");
		}
		if (index < 0 || index > Chunk.MAX_INDEX) {
			throw malformed("has a chunk index above 16 bits");
		}
		byte[] data = new byte[Chunk.SIZE];
		buffer.get(data);
		return new Chunk((int) index, data);
	}

	private static long varint(ByteBuffer buffer) {
		long value = 0;
		for (int i = 0; i < MAX_VARINT_SIZE && buffer.hasRemaining(); i++) {
			byte next = buffer.get();
			value |= (next & 0x7FL) << 7 * i;
			if (next >= 0) {
				return value;
			}
		}
		throw malformed("has a truncated or overlong number");
	}

	private static void varint(ByteBuffer buffer, long value) {
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			buffer.put((byte) (rest & 0x7F | 0x80));
			rest >>>= 7;
		}
		buffer.put((byte) rest);
	}

	private static SpqrException malformed(String what) {
		return new SpqrException(Reason.MESSAGE_DECODE, "The SPQR message " + what);
	}

}
