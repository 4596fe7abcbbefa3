package com.pacerelle.signal.protobuf;

import java.nio.ByteBuffer;
import java.util.List;

import com.pacerelle.signal.protobuf.ProtobufWriter.Segment;

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
		List<Segment> segments = message.take();
		ProtobufWriter places = new ProtobufWriter();
		int count = 0;
		int longSize = 0;
		int shortSize = 0;
		int distance = 0;
		for (Segment segment : segments) {
			if (segment.isLong()) {
				places.varint(distance).varint(segment.size());
				count++;
				longSize += segment.size();
				distance = 0;
			}
			else {
				shortSize += segment.size();
				distance += segment.size();
			}
		}
		byte[] sizes = places.varint(shortSize).toByteArray();
		byte[] head = new ProtobufWriter().varint(MARK).varint(count).toByteArray();
		int longStart = roundUp(head.length + sizes.length + shortSize, SHORT_FIELDS_STEP);
		byte[] encoded = new byte[longStart + roundUp(longSize, LONG_FIELDS_STEP)];
		ByteBuffer shortFields = ByteBuffer.wrap(encoded).put(head).put(sizes);
		ByteBuffer longFields = ByteBuffer.wrap(encoded).position(longStart);
		segments.forEach((segment) -> segment.moveTo(segment.isLong() ? longFields : shortFields));
		return encoded;
	}

	/**
	 * Returns a message as it was before it got this layout.
	 * @param encoded what {@link #encode} returned, or a message that never had the
	 * layout, which is returned as it is
	 * @return the message
	 * @throws ProtobufException if the layout is broken
	 */
	public static byte[] decode(byte[] encoded) {
		if (encoded.length == 0 || encoded[0] != MARK) {
			return encoded;
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
		ByteBuffer message = ByteBuffer.allocate(shortSize + longSize);
		int shortEnd = shortStart + shortSize;
		for (int i = 0; i < count; i++) {
			check(distances[i] <= shortEnd - shortStart);
			message.put(encoded, shortStart, distances[i]).put(encoded, longStart, lengths[i]);
			shortStart += distances[i];
			longStart += lengths[i];
		}
		return message.put(encoded, shortStart, shortEnd - shortStart).array();
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
