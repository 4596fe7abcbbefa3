package com.pacerelle.signal.protobuf;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Writes a protobuf message field by field, in the order of the calls.
 */
public final class ProtobufWriter {

	private final ErasableOutput output = new ErasableOutput();

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
		varint((long) field << 3 | 2);
		varint(value.length);
		this.output.writeBytes(value);
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
	 * Writes a nested message, also when it is empty, and erases the nested writer.
	 * @param field the field's number
	 * @param value the nested message
	 * @return this writer
	 */
	public ProtobufWriter message(int field, ProtobufWriter value) {
		varint((long) field << 3 | 2);
		varint(value.output.size());
		value.output.writeTo(this.output);
		value.output.erase();
		return this;
	}

	/**
	 * Returns the message and erases this writer's buffer.
	 * @return the encoded message
	 */
	public byte[] toByteArray() {
		byte[] bytes = this.output.toByteArray();
		this.output.erase();
		return bytes;
	}

	private void varint(long value) {
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.output.write((int) (rest & 0x7F | 0x80));
			rest >>>= 7;
		}
		this.output.write((int) rest);
	}

	private static final class ErasableOutput extends ByteArrayOutputStream {

		void writeTo(ErasableOutput target) {
			target.write(this.buf, 0, this.count);
		}

		void erase() {
			Arrays.fill(this.buf, 0, this.count, (byte) 0);
			reset();
		}

	}

}
