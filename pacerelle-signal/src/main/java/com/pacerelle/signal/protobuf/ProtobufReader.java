package com.pacerelle.signal.protobuf;

import java.util.Arrays;

/**
 * Reads a protobuf message field by field: {@link #next()} moves to a field, then either
 * one of the value methods or {@link #skip()} consumes it. Every method throws
 * {@link ProtobufException} when the bytes are malformed (signal.md section 9).
 */
public final class ProtobufReader {

	private static final int VARINT = 0;

	private static final int FIXED64 = 1;

	private static final int BYTES = 2;

	private static final int FIXED32 = 5;

	private final byte[] buffer;

	private final int end;

	private int position;

	private int field;

	private int wireType;

	/**
	 * Reads a whole array.
	 * @param buffer the message
	 */
	public ProtobufReader(byte[] buffer) {
		this(buffer, 0, buffer.length);
	}

	/**
	 * Reads a part of an array.
	 * @param buffer the array
	 * @param from the index of the first byte
	 * @param to the index after the last byte
	 */
	public ProtobufReader(byte[] buffer, int from, int to) {
		this.buffer = buffer;
		this.position = from;
		this.end = to;
	}

	/**
	 * Moves to the next field.
	 * @return whether there is one
	 */
	public boolean next() {
		if (this.position == this.end) {
			return false;
		}
		long tag = varint();
		this.wireType = (int) (tag & 7);
		long number = (tag & 0xFFFF_FFFFL) >>> 3;
		if (number == 0 || tag >>> 32 != 0) {
			throw new ProtobufException("A field number is out of range");
		}
		this.field = (int) number;
		return true;
	}

	/**
	 * The number of the field that {@link #next()} found.
	 * @return the number, at least 1
	 */
	public int field() {
		return this.field;
	}

	/**
	 * Consumes an unsigned integer.
	 * @return its 64 bits
	 */
	public long uint64() {
		expect(VARINT);
		return varint();
	}

	/**
	 * Consumes an unsigned integer.
	 * @return its lowest 32 bits
	 */
	public int uint32() {
		return (int) uint64();
	}

	/**
	 * Consumes bytes or a nested message.
	 * @return a copy of the bytes
	 */
	public byte[] bytes() {
		expect(BYTES);
		int length = length();
		byte[] bytes = Arrays.copyOfRange(this.buffer, this.position, this.position + length);
		this.position += length;
		return bytes;
	}

	/**
	 * Consumes bytes of a known length into an array.
	 * @param target the array
	 * @param offset where to put them
	 * @param length how many there have to be
	 * @return whether there are as many; if not, nothing was copied
	 */
	public boolean bytes(byte[] target, int offset, int length) {
		expect(BYTES);
		int found = length();
		if (found == length) {
			System.arraycopy(this.buffer, this.position, target, offset, length);
		}
		this.position += found;
		return found == length;
	}

	/**
	 * Consumes a nested message without a copy.
	 * @return a reader of the nested message
	 */
	public ProtobufReader message() {
		expect(BYTES);
		int length = length();
		ProtobufReader reader = new ProtobufReader(this.buffer, this.position, this.position + length);
		this.position += length;
		return reader;
	}

	/**
	 * Skips an unknown field.
	 */
	public void skip() {
		switch (this.wireType) {
			case VARINT -> varint();
			case FIXED64 -> advance(8);
			case BYTES -> advance(length());
			case FIXED32 -> advance(4);
			default -> throw new ProtobufException("A field has an unknown wire type");
		}
	}

	private void expect(int type) {
		if (this.wireType != type) {
			throw new ProtobufException("Field " + this.field + " has the wrong wire type");
		}
	}

	private int length() {
		long length = varint();
		if (length < 0 || length > this.end - this.position) {
			throw new ProtobufException("Field " + this.field + " is longer than the message");
		}
		return (int) length;
	}

	private void advance(int length) {
		if (length > this.end - this.position) {
			throw new ProtobufException("Field " + this.field + " is longer than the message");
		}
		this.position += length;
	}

	/**
	 * Where the next byte is read.
	 * @return its index
	 */
	int position() {
		return this.position;
	}

	/**
	 * What was not read yet.
	 * @return a copy of the bytes
	 */
	public byte[] rest() {
		return Arrays.copyOfRange(this.buffer, this.position, this.end);
	}

	/**
	 * Consumes a number without a field.
	 * @return the number, unsigned
	 */
	long varint() {
		long value = 0;
		for (int shift = 0; shift < 70; shift += 7) {
			if (this.position == this.end) {
				throw new ProtobufException("The message ends inside a number");
			}
			byte next = this.buffer[this.position++];
			value |= (next & 0x7FL) << shift;
			if (next >= 0) {
				return value;
			}
		}
		throw new ProtobufException("A number is longer than 10 bytes");
	}

}
