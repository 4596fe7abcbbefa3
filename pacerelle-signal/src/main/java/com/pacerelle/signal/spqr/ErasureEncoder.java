package com.pacerelle.signal.spqr;

import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * Cuts a payload into chunks of which enough different ones rebuild it (spqr.md section
 * 8.2). Immutable; it keeps its 16 polynomials in one array, one after the other and the
 * way they are stored, as big endian words: their values at 0, 1, 2, ... at first, which
 * are the payload, and their coefficients from the first parity chunk on, so that a
 * further parity chunk costs one evaluation. A systematic chunk is read from the values.
 */
final class ErasureEncoder {

	static final int POLYNOMIALS = Chunk.SIZE / 2;

	private static final int MAX_PAYLOAD = 1 << 20;

	private final int counter;

	private final Form form;

	private final byte[] polynomials;

	private ErasureEncoder(int counter, Form form, byte[] polynomials) {
		this.counter = counter;
		this.form = form;
		this.polynomials = polynomials;
	}

	static ErasureEncoder of(byte[] payload) {
		if (payload.length % 2 != 0 || payload.length > MAX_PAYLOAD) {
			throw new IllegalArgumentException("A payload must have an even length of at most 2^20 bytes");
		}
		ErasureEncoder encoder = new ErasureEncoder(0, Form.VALUES, new byte[payload.length]);
		for (int j = 0; j < POLYNOMIALS; j++) {
			for (int x = 0; x < encoder.length(j); x++) {
				Words.put(encoder.polynomials, encoder.start(j) + x, Words.get(payload, x * POLYNOMIALS + j));
			}
		}
		return encoder;
	}

	/**
	 * The next chunk.
	 * @return the chunk and the encoder that follows
	 */
	Step next() {
		int index = this.counter & Chunk.MAX_INDEX;
		ErasureEncoder encoder = this;
		if (this.form == Form.VALUES && index >= length(POLYNOMIALS - 1)) {
			encoder = new ErasureEncoder(this.counter, Form.COEFFICIENTS, coefficients());
		}
		return new Step(new Chunk(index, encoder.evaluate(index)),
				new ErasureEncoder(this.counter + 1, encoder.form, encoder.polynomials));
	}

	/**
	 * Writes the encoder as a message of spqr.md appendix A.
	 * @return the message
	 */
	ProtobufWriter encode() {
		ProtobufWriter writer = new ProtobufWriter().uint32UnlessZero(1, this.counter);
		for (int j = 0; j < POLYNOMIALS; j++) {
			writer.bytes(this.form.field, this.polynomials, 2 * start(j), 2 * length(j));
		}
		return writer;
	}

	/**
	 * Reads a stored encoder.
	 * @param reader the message
	 * @param payloadLength the length of its payload, a multiple of 32 bytes
	 * @return the encoder
	 */
	static ErasureEncoder decode(ProtobufReader reader, int payloadLength) {
		int counter = 0;
		Form form = Form.VALUES;
		byte[] polynomials = new byte[payloadLength];
		int length = payloadLength / POLYNOMIALS;
		int count = 0;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> counter = reader.uint32();
				case 2, 3 -> {
					Form found = (reader.field() == 2) ? Form.VALUES : Form.COEFFICIENTS;
					StoredState.check(count < POLYNOMIALS && (count == 0 || found == form), "encoder");
					form = found;
					StoredState.check(reader.bytes(polynomials, count * length, length), "encoder");
					count++;
				}
				default -> reader.skip();
			}
		}
		StoredState.check(count == POLYNOMIALS, "encoder");
		return new ErasureEncoder(counter, form, polynomials);
	}

	/** The number of words of polynomial j. */
	private int length(int j) {
		return Words.ofPolynomial(j, this.polynomials.length / 2);
	}

	/** Where the words of polynomial j start. */
	private int start(int j) {
		return Words.beforePolynomial(j, this.polynomials.length / 2);
	}

	private byte[] coefficients() {
		byte[] coefficients = new byte[this.polynomials.length];
		Interpolation interpolation = null;
		for (int j = 0; j < POLYNOMIALS; j++) {
			int[] values = Words.get(this.polynomials, start(j), length(j));
			int[] abscissas = new int[values.length];
			Arrays.setAll(abscissas, (x) -> x);
			if (interpolation == null || !interpolation.isThrough(abscissas)) {
				interpolation = new Interpolation(abscissas);
			}
			Words.put(coefficients, start(j), interpolation.coefficients(values));
		}
		return coefficients;
	}

	private byte[] evaluate(int index) {
		byte[] data = new byte[Chunk.SIZE];
		if (this.form == Form.VALUES) {
			for (int j = 0; j < POLYNOMIALS; j++) {
				Words.put(data, j, Words.get(this.polynomials, start(j) + index));
			}
			return data;
		}
		int[] powers = Interpolation.powers(index, length(0));
		for (int j = 0; j < POLYNOMIALS; j++) {
			Words.put(data, j, Interpolation.evaluate(Words.get(this.polynomials, start(j), length(j)), powers));
		}
		return data;
	}

	/**
	 * A chunk and what follows it.
	 *
	 * @param chunk the chunk
	 * @param next the encoder of the following chunks
	 */
	record Step(Chunk chunk, ErasureEncoder next) {
	}

	private enum Form {

		VALUES(2), COEFFICIENTS(3);

		private final int field;

		Form(int field) {
			this.field = field;
		}

	}

}
