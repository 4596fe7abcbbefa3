package com.pacerelle.signal.protobuf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a protobuf message field by field, in the order of the calls. Once the message
 * is encoded, no copy of it remains here. Long values are read where they are, as state
 * is large and nested deeply; the short ones are together in one array.
 */
public final class ProtobufWriter {

	private static final int INITIAL_CAPACITY = 64;

	/** As many as the polynomials of the erasure code, and some. */
	private static final int LONG_VALUES = 20;

	private static final int MAX_VARINT_SIZE = 10;

	/** More than any key has: what changes with each message is shorter. */
	private static final int LONG_VALUE_SIZE = 40;

	/** The message without its long values. */
	private byte[] shortFields;

	private int shortSize;

	/** In their order. */
	private List<LongValue> longValues = List.of();

	private int longSize;

	/**
	 * Starts a message with few short fields.
	 */
	public ProtobufWriter() {
		this(INITIAL_CAPACITY);
	}

	/**
	 * Starts a message.
	 * @param capacity how many bytes of short fields there is room for at first
	 */
	public ProtobufWriter(int capacity) {
		this.shortFields = new byte[capacity];
	}

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
	 * @param value the bytes, which must stay as they are until the message is encoded
	 * @return this writer
	 */
	public ProtobufWriter bytes(int field, byte[] value) {
		return bytes(field, value, 0, value.length);
	}

	/**
	 * Writes a part of an array, also when it is empty.
	 * @param field the field's number
	 * @param array the array, which must stay as it is until the message is encoded
	 * @param offset the index of the first byte
	 * @param length the number of bytes
	 * @return this writer
	 */
	public ProtobufWriter bytes(int field, byte[] array, int offset, int length) {
		delimiter(field, length);
		if (length >= LONG_VALUE_SIZE) {
			addLong(new LongValue(this.shortSize, array, offset, length));
		}
		else {
			addShort(array, offset, length);
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
		int start = this.shortSize;
		addShort(value.shortFields, 0, value.shortSize);
		value.longValues.forEach((moved) -> moved.position += start);
		addAllLong(value);
		value.erase();
		return this;
	}

	/**
	 * Writes a nested message, also when it is empty, where it belongs.
	 * @param field the field's number
	 * @param content writes the fields of the nested message
	 * @return this writer
	 */
	public ProtobufWriter message(int field, Consumer<ProtobufWriter> content) {
		varint((long) field << 3 | 2);
		int lengthStart = this.shortSize;
		int longCount = this.longValues.size();
		int longBefore = this.longSize;
		// Most lengths have one byte.
		varint(0);
		int start = this.shortSize;
		content.accept(this);
		int length = this.shortSize - start + this.longSize - longBefore;
		int more = varintSize(length) - 1;
		if (more > 0) {
			ensureRoom(more);
			System.arraycopy(this.shortFields, start, this.shortFields, start + more, this.shortSize - start);
			this.longValues.listIterator(longCount).forEachRemaining((value) -> value.position += more);
		}
		int end = this.shortSize + more;
		this.shortSize = lengthStart;
		varint(length);
		this.shortSize = end;
		return this;
	}

	private static int varintSize(int value) {
		return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
	}

	/**
	 * Returns the message and erases this writer.
	 * @return the encoded message
	 */
	public byte[] toByteArray() {
		ByteBuffer message = ByteBuffer.allocate(size());
		int position = 0;
		for (LongValue value : this.longValues) {
			message.put(this.shortFields, position, value.position - position);
			value.writeTo(message);
			position = value.position;
		}
		message.put(this.shortFields, position, this.shortSize - position);
		erase();
		return message.array();
	}

	List<LongValue> longValues() {
		return this.longValues;
	}

	int longSize() {
		return this.longSize;
	}

	int shortSize() {
		return this.shortSize;
	}

	void writeShortFieldsTo(ByteBuffer target) {
		target.put(this.shortFields, 0, this.shortSize);
	}

	/**
	 * Forgets what was written.
	 */
	void erase() {
		Arrays.fill(this.shortFields, 0, this.shortSize, (byte) 0);
		this.shortSize = 0;
		this.longValues = List.of();
		this.longSize = 0;
	}

	private int size() {
		return Math.addExact(this.shortSize, this.longSize);
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
		ensureRoom(MAX_VARINT_SIZE);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.shortFields[this.shortSize++] = (byte) (rest & 0x7F | 0x80);
			rest >>>= 7;
		}
		this.shortFields[this.shortSize++] = (byte) rest;
		return this;
	}

	private void addShort(byte[] array, int offset, int length) {
		ensureRoom(length);
		System.arraycopy(array, offset, this.shortFields, this.shortSize, length);
		this.shortSize += length;
	}

	private void addLong(LongValue value) {
		if (this.longValues.isEmpty()) {
			this.longValues = new ArrayList<>(LONG_VALUES);
		}
		this.longValues.add(value);
		this.longSize = Math.addExact(this.longSize, value.length);
	}

	private void addAllLong(ProtobufWriter nested) {
		if (this.longValues.isEmpty()) {
			this.longValues = nested.longValues;
		}
		else {
			this.longValues.addAll(nested.longValues);
		}
		this.longSize = Math.addExact(this.longSize, nested.longSize);
	}

	private void ensureRoom(int length) {
		if (length > this.shortFields.length - this.shortSize) {
			int needed = Math.addExact(this.shortSize, length);
			byte[] outgrown = this.shortFields;
			this.shortFields = Arrays.copyOf(outgrown, Math.max(needed, 2 * outgrown.length));
			Arrays.fill(outgrown, (byte) 0);
		}
	}

	/**
	 * A long value, which is somebody else's.
	 */
	static final class LongValue {

		/** How many bytes of the short fields come before it. */
		private int position;

		private final byte[] array;

		private final int offset;

		private final int length;

		LongValue(int position, byte[] array, int offset, int length) {
			this.position = position;
			this.array = array;
			this.offset = offset;
			this.length = length;
		}

		int position() {
			return this.position;
		}

		int length() {
			return this.length;
		}

		void writeTo(ByteBuffer target) {
			target.put(this.array, this.offset, this.length);
		}

	}

}
