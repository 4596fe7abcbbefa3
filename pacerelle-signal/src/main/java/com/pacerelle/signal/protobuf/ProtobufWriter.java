package com.pacerelle.signal.protobuf;

import java.util.Arrays;

/**
 * Writes a protobuf message field by field, in the order of the calls. It leaves no copy
 * of what was written behind.
 */
public final class ProtobufWriter {

	private static final int INITIAL_CAPACITY = 64;

	private static final int MAX_VARINT_SIZE = 10;

	private byte[] buffer = new byte[INITIAL_CAPACITY];

	private int size;

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
		return delimited(field, value, value.length);
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
	 * Writes a nested message, also when it is empty, and erases the nested writer.
	 * @param field the field's number
	 * @param value the nested message
	 * @return this writer
	 */
	public ProtobufWriter message(int field, ProtobufWriter value) {
		delimited(field, value.buffer, value.size);
		value.erase();
		return this;
	}

	/**
	 * Returns the message and erases this writer's buffer.
	 * @return the encoded message
	 */
	public byte[] toByteArray() {
		byte[] bytes = Arrays.copyOf(this.buffer, this.size);
		erase();
		return bytes;
	}

	private ProtobufWriter delimited(int field, byte[] source, int length) {
		varint((long) field << 3 | 2);
		varint(length);
		reserve(length);
		System.arraycopy(source, 0, this.buffer, this.size, length);
		this.size += length;
		return this;
	}

	private void varint(long value) {
		reserve(MAX_VARINT_SIZE);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.buffer[this.size++] = (byte) (rest & 0x7F | 0x80);
			rest >>>= 7;
		}
		this.buffer[this.size++] = (byte) rest;
	}

	private void reserve(int length) {
		int needed = Math.addExact(this.size, length);
		if (needed > this.buffer.length) {
			byte[] outgrown = this.buffer;
			this.buffer = Arrays.copyOf(outgrown, Math.max(needed, 2 * outgrown.length));
			Arrays.fill(outgrown, 0, this.size, (byte) 0);
		}
	}

	private void erase() {
		Arrays.fill(this.buffer, 0, this.size, (byte) 0);
		this.size = 0;
	}

}
