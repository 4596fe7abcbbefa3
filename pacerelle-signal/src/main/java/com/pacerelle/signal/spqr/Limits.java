package com.pacerelle.signal.spqr;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * How far the key chain follows the peer (spqr.md section 7.6).
 *
 * @param maxJump how many keys a message may be ahead, unsigned
 * @param maxOutOfOrderKeys how many keys of late messages are kept, unsigned
 */
record Limits(int maxJump, int maxOutOfOrderKeys) {

	static final Limits DEFAULT = new Limits(25_000, 2_000);

	/** What a stored state may ask for: 36 MB. */
	private static final int MAX_OUT_OF_ORDER_KEYS = 1_000_000;

	ProtobufWriter encode() {
		return new ProtobufWriter().uint32UnlessZero(1, (this.maxJump == DEFAULT.maxJump) ? 0 : this.maxJump)
			.uint32UnlessZero(2, (this.maxOutOfOrderKeys == DEFAULT.maxOutOfOrderKeys) ? 0 : this.maxOutOfOrderKeys);
	}

	static Limits decode(ProtobufReader reader) {
		int maxJump = 0;
		int maxOutOfOrderKeys = 0;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> maxJump = reader.uint32();
				case 2 -> maxOutOfOrderKeys = reader.uint32();
				default -> reader.skip();
			}
		}
		StoredState.check(maxOutOfOrderKeys >= 0 && maxOutOfOrderKeys <= MAX_OUT_OF_ORDER_KEYS, "limit");
		return new Limits((maxJump != 0) ? maxJump : DEFAULT.maxJump,
				(maxOutOfOrderKeys != 0) ? maxOutOfOrderKeys : DEFAULT.maxOutOfOrderKeys);
	}

}
