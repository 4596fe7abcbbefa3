package com.pacerelle.signal.spqr;

import com.pacerelle.signal.protobuf.ProtobufReader;

/**
 * The fields of a stored braid state (spqr.md appendix A), of which each state has its
 * own selection. What is absent is empty, and refused when a state asks for it.
 */
final class StoredBraid {

	private static final byte[] ABSENT = {};

	private final byte[][] data = { ABSENT, ABSENT, ABSENT };

	private final ProtobufReader[] codes = { new ProtobufReader(ABSENT), new ProtobufReader(ABSENT) };

	private ProtobufReader authenticator = new ProtobufReader(ABSENT);

	private long epoch;

	StoredBraid(ProtobufReader reader) {
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> readCore(reader.message());
				case 2, 3 -> this.codes[reader.field() - 2] = reader.message();
				default -> reader.skip();
			}
		}
		StoredState.check(this.epoch != 0, "epoch");
	}

	long epoch() {
		return this.epoch;
	}

	Authenticator authenticator() {
		return Authenticator.decode(this.authenticator);
	}

	/**
	 * A byte field of the core.
	 * @param field the number of the field, 3 to 5
	 * @param length the length that it must have
	 * @return the bytes
	 */
	byte[] data(int field, int length) {
		byte[] found = this.data[field - 3];
		StoredState.check(found.length == length, "exchange");
		return found;
	}

	ErasureEncoder encoder(int payloadLength) {
		return ErasureEncoder.decode(this.codes[0], payloadLength);
	}

	/**
	 * A decoder.
	 * @param field the number of the field, 2 or 3
	 * @param payloadLength the length that its payload must have
	 * @return the decoder
	 */
	ErasureDecoder decoder(int field, int payloadLength) {
		return ErasureDecoder.decode(this.codes[field - 2], payloadLength);
	}

	private void readCore(ProtobufReader reader) {
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> this.epoch = reader.uint64();
				case 2 -> this.authenticator = reader.message();
				case 3, 4, 5 -> this.data[reader.field() - 3] = reader.bytes();
				default -> reader.skip();
			}
		}
	}

}
