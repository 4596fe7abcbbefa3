package com.pacerelle.signal.protobuf;

import java.nio.ByteBuffer;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter.LongValue;

/**
 * A layout of an encoded message in which long fields keep their places while short ones
 * and their number change, so that a database that stores the message again and again
 * overwrites few pages of it. It is a zero byte, which begins no message; the number of
 * long fields; for each, the distance from the end of the one before and its length; the
 * length of the rest; the message without its long fields; and the long fields. Both
 * parts are filled up with zeros, so that their sizes change rarely.
 */
public final class StableLayout {

	private static final byte MARK = 0;

	private static final int SHORT_FIELDS_STEP = 512;

	private static final int LONG_FIELDS_STEP = 1024;

	private StableLayout() {
	}

	/**
	 * Encodes a message and erases its writer.
	 * @param message the message
	 * @return its bytes in this layout
	 */
	public static byte[] encode(ProtobufWriter message) {
		ProtobufWriter head = new ProtobufWriter().varint(MARK).varint(message.longValues().size());
		int position = 0;
		for (LongValue value : message.longValues()) {
			head.varint(value.position() - position).varint(value.length());
			position = value.position();
		}
		head.varint(message.shortSize());
		int longStart = roundUp(head.shortSize() + message.shortSize(), SHORT_FIELDS_STEP);
		ByteBuffer encoded = ByteBuffer.allocate(longStart + roundUp(message.longSize(), LONG_FIELDS_STEP));
		head.writeShortFieldsTo(encoded);
		message.writeShortFieldsTo(encoded);
		encoded.position(longStart);
		message.longValues().forEach((value) -> value.writeTo(encoded));
		message.erase();
		return encoded.array();
	}

	/**
	 * Reads a message as it was before it got this layout.
	 * @param encoded what {@link #encode} returned, which is rearranged, or a message
	 * that never had the layout
	 * @return a reader of the message, in the same array
	 * @throws ProtobufException if the layout is broken
	 */
	public static ProtobufReader decode(byte[] encoded) {
		if (encoded.length == 0 || encoded[0] != MARK) {
			return new ProtobufReader(encoded);
		}
		ProtobufReader head = new ProtobufReader(encoded);
		head.varint();
		long count = head.varint();
		check(count >= 0 && count <= encoded.length);
		int[] distances = new int[(int) count];
		int[] lengths = new int[(int) count];
		int longSize = 0;
		for (int i = 0; i < count; i++) {
			distances[i] = size(head, encoded);
			lengths[i] = size(head, encoded);
			longSize += lengths[i];
			check(longSize >= 0 && longSize <= encoded.length);
		}
		int shortSize = size(head, encoded);
		int shortStart = head.position();
		int longStart = roundUp(shortStart + shortSize, SHORT_FIELDS_STEP);
		check(shortSize <= encoded.length - shortStart && longStart <= encoded.length
				&& longSize <= encoded.length - longStart);
		byte[] shortFields = Arrays.copyOfRange(encoded, shortStart, shortStart + shortSize);
		// Nothing is overwritten before it is moved, as the short fields fit in front.
		int from = 0;
		int to = 0;
		for (int i = 0; i < count; i++) {
			check(distances[i] <= shortSize - from);
			System.arraycopy(shortFields, from, encoded, to, distances[i]);
			System.arraycopy(encoded, longStart, encoded, to + distances[i], lengths[i]);
			from += distances[i];
			longStart += lengths[i];
			to += distances[i] + lengths[i];
		}
		System.arraycopy(shortFields, from, encoded, to, shortSize - from);
		Arrays.fill(shortFields, (byte) 0);
		return new ProtobufReader(encoded, 0, shortSize + longSize);
	}

	private static int size(ProtobufReader head, byte[] encoded) {
		long size = head.varint();
		check(size >= 0 && size <= encoded.length);
		return (int) size;
	}

	private static void check(boolean valid) {
		if (!valid) {
			throw new ProtobufException("The layout of a stored message is broken");
		}
	}

	private static int roundUp(int size, int step) {
		return (size + step - 1) / step * step;
	}

}
