package com.pacerelle.signal.protobuf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a protobuf message field by field, in the order of the calls. Once the message
 * is encoded, no copy of it remains here. A nested message is moved, not copied, because
 * state is nested deeply.
 */
public final class ProtobufWriter {

	private static final int SEGMENT_CAPACITY = 256;

	private static final int MAX_VARINT_SIZE = 10;

	/** More than any key has: what changes with each message is shorter. */
	private static final int LONG_VALUE_SIZE = 40;

	/** What was written; only the last one may be written to, unless it is long. */
	private final List<Segment> segments = new ArrayList<>();

	/**
	 * Writes an unsigned integer, also when it is zero.
	 * @param field the field's number
	 * @param value the value, unsigned
	 * @return this writer
	 */
	public ProtobufWriter uint64(int field, long value) {
		varint((long) field << 3);
		varint(value);
		return this;
	}

	/**
	 * Writes an unsigned 32-bit integer, also when it is zero.
	 * @param field the field's number
	 * @param value the value, unsigned
	 * @return this writer
	 */
	public ProtobufWriter uint32(int field, int value) {
		return uint64(field, Integer.toUnsignedLong(value));
	}

	/**
	 * Writes an unsigned integer unless it is zero, the default of proto3.
	 * @param field the field's number
	 * @param value the value, unsigned
	 * @return this writer
	 */
	public ProtobufWriter uint64UnlessZero(int field, long value) {
		return (value != 0) ? uint64(field, value) : this;
	}

	/**
	 * Writes an unsigned 32-bit integer unless it is zero, the default of proto3.
	 * @param field the field's number
	 * @param value the value, unsigned
	 * @return this writer
	 */
	public ProtobufWriter uint32UnlessZero(int field, int value) {
		return uint64UnlessZero(field, Integer.toUnsignedLong(value));
	}

	/**
	 * Writes bytes or an encoded message, also when they are empty.
	 * @param field the field's number
	 * @param value the bytes
	 * @return this writer
	 */
	public ProtobufWriter bytes(int field, byte[] value) {
		delimiter(field, value.length);
		if (value.length >= LONG_VALUE_SIZE) {
			this.segments.add(new Segment(ByteBuffer.allocate(value.length).put(value), true));
		}
		else {
			room(value.length).put(value);
		}
		return this;
	}

	/**
	 * Writes bytes unless they are empty, the default of proto3.
	 * @param field the field's number
	 * @param value the bytes
	 * @return this writer
	 */
	public ProtobufWriter bytesUnlessEmpty(int field, byte[] value) {
		return (value.length > 0) ? bytes(field, value) : this;
	}

	/**
	 * Writes a nested message, also when it is empty, and leaves the nested writer empty.
	 * @param field the field's number
	 * @param value the nested message
	 * @return this writer
	 */
	public ProtobufWriter message(int field, ProtobufWriter value) {
		delimiter(field, value.size());
		this.segments.addAll(value.segments);
		value.segments.clear();
		return this;
	}

	/**
	 * Returns the message and erases this writer.
	 * @return the encoded message
	 */
	public byte[] toByteArray() {
		ByteBuffer message = ByteBuffer.allocate(size());
		take().forEach((segment) -> segment.moveTo(message));
		return message.array();
	}

	/**
	 * Takes what was written, so that nothing remains here.
	 * @return the parts of the message
	 */
	List<Segment> take() {
		List<Segment> taken = List.copyOf(this.segments);
		this.segments.clear();
		return taken;
	}

	private int size() {
		int size = 0;
		for (Segment segment : this.segments) {
			size = Math.addExact(size, segment.size());
		}
		return size;
	}

	private void delimiter(int field, int length) {
		varint((long) field << 3 | 2);
		varint(length);
	}

	/**
	 * Writes a number without a field.
	 * @param value the number, unsigned
	 * @return this writer
	 */
	ProtobufWriter varint(long value) {
		ByteBuffer segment = room(MAX_VARINT_SIZE);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			segment.put((byte) (rest & 0x7F | 0x80));
			rest >>>= 7;
		}
		segment.put((byte) rest);
		return this;
	}

	private ByteBuffer room(int length) {
		Segment last = this.segments.isEmpty() ? null : this.segments.get(this.segments.size() - 1);
		if (last != null && !last.isLong() && last.bytes().remaining() >= length) {
			return last.bytes();
		}
		ByteBuffer segment = ByteBuffer.allocate(Math.max(length, SEGMENT_CAPACITY));
		this.segments.add(new Segment(segment, false));
		return segment;
	}

	/**
	 * A part of a message.
	 *
	 * @param bytes what was written of it
	 * @param isLong whether it is the whole value of one long field
	 */
	record Segment(ByteBuffer bytes, boolean isLong) {

		int size() {
			return this.bytes.position();
		}

		/** No copy remains. */
		void moveTo(ByteBuffer target) {
			target.put(this.bytes.flip());
			Arrays.fill(this.bytes.array(), 0, this.bytes.limit(), (byte) 0);
		}

	}

}
