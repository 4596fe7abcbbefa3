package com.pacerelle.signal.spqr;

import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * Rebuilds a payload from any sufficient set of its chunks (spqr.md section 8.3).
 * Immutable; it keeps the points of each polynomial the way they are stored, as pairs of
 * words in the order of their abscissas.
 */
final class ErasureDecoder {

	private static final int POLYNOMIALS = ErasureEncoder.POLYNOMIALS;

	private static final int POINT_SIZE = 4;

	private final int words;

	private final byte[][] points;

	private ErasureDecoder(int words, byte[][] points) {
		this.words = words;
		this.points = points;
	}

	/**
	 * A decoder that has seen no chunk.
	 * @param payloadLength the length of the payload in bytes
	 * @return the decoder
	 */
	static ErasureDecoder forLength(int payloadLength) {
		byte[][] points = new byte[POLYNOMIALS][];
		Arrays.fill(points, new byte[0]);
		return new ErasureDecoder(payloadLength / 2, points);
	}

	ErasureDecoder add(Chunk chunk) {
		byte[][] extended = this.points.clone();
		for (int j = 0; j < POLYNOMIALS; j++) {
			int needed = Words.ofPolynomial(j, this.words);
			if (chunk.index() < needed || extended[j].length / POINT_SIZE < needed) {
				extended[j] = add(extended[j], chunk.index(), Words.get(chunk.data(), j));
			}
		}
		return new ErasureDecoder(this.words, extended);
	}

	boolean isComplete() {
		for (int j = 0; j < POLYNOMIALS; j++) {
			if (this.points[j].length / POINT_SIZE < Words.ofPolynomial(j, this.words)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The payload of a complete decoder.
	 * @return the payload
	 */
	byte[] payload() {
		byte[] payload = new byte[2 * this.words];
		Interpolation interpolation = null;
		for (int j = 0; j < POLYNOMIALS; j++) {
			int[] abscissas = coordinates(j, 0);
			if (interpolation == null || !interpolation.isThrough(abscissas)) {
				interpolation = new Interpolation(abscissas);
			}
			int[] values = interpolation.values(coordinates(j, 1));
			for (int x = 0; x < values.length; x++) {
				Words.put(payload, x * POLYNOMIALS + j, values[x]);
			}
		}
		return payload;
	}

	/**
	 * Writes the decoder as a message of spqr.md appendix A.
	 * @return the message
	 */
	ProtobufWriter encode() {
		ProtobufWriter writer = new ProtobufWriter().uint32(1, this.words).uint32(2, POLYNOMIALS);
		for (byte[] polynomial : this.points) {
			writer.bytes(3, polynomial);
		}
		return writer;
	}

	/**
	 * Reads a stored decoder.
	 * @param reader the message
	 * @param payloadLength the length of its payload in bytes
	 * @return the decoder
	 */
	static ErasureDecoder decode(ProtobufReader reader, int payloadLength) {
		int words = 0;
		int polynomials = 0;
		byte[][] points = new byte[POLYNOMIALS][];
		int count = 0;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> words = reader.uint32();
				case 2 -> polynomials = reader.uint32();
				case 3 -> {
					StoredState.check(count < POLYNOMIALS, "decoder");
					points[count++] = reader.bytes();
				}
				default -> reader.skip();
			}
		}
		StoredState.check(words == payloadLength / 2 && polynomials == POLYNOMIALS && count == POLYNOMIALS, "decoder");
		for (byte[] polynomial : points) {
			StoredState.check(isAscending(polynomial), "decoder");
		}
		return new ErasureDecoder(words, points);
	}

	private static boolean isAscending(byte[] points) {
		int previous = -1;
		for (int i = 0; i < points.length / POINT_SIZE; i++) {
			if (Words.get(points, 2 * i) <= previous) {
				return false;
			}
			previous = Words.get(points, 2 * i);
		}
		return points.length % POINT_SIZE == 0;
	}

	private static byte[] add(byte[] points, int x, int y) {
		int position = 0;
		while (position < points.length / POINT_SIZE && Words.get(points, 2 * position) < x) {
			position++;
		}
		boolean known = position < points.length / POINT_SIZE && Words.get(points, 2 * position) == x;
		int end = position * POINT_SIZE;
		byte[] extended = new byte[known ? points.length : points.length + POINT_SIZE];
		System.arraycopy(points, 0, extended, 0, end);
		int rest = known ? end + POINT_SIZE : end;
		System.arraycopy(points, rest, extended, end + POINT_SIZE, points.length - rest);
		Words.put(extended, 2 * position, x);
		Words.put(extended, 2 * position + 1, y);
		return extended;
	}

	/**
	 * The abscissas (0) or the ordinates (1) of the points that determine polynomial j.
	 */
	private int[] coordinates(int j, int which) {
		int[] coordinates = new int[Words.ofPolynomial(j, this.words)];
		for (int i = 0; i < coordinates.length; i++) {
			coordinates[i] = Words.get(this.points[j], 2 * i + which);
		}
		return coordinates;
	}

}
