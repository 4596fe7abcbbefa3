package com.pacerelle.signal.spqr;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * What a state holds until the peer has been heard (spqr.md section 5). The minimum
 * version is always 1.
 *
 * @param authKey the 32 secret bytes that PQXDH derived for SPQR
 * @param direction the party
 * @param limits the limits of the key chain
 */
record Negotiation(byte[] authKey, Direction direction, Limits limits) {

	private static final int AUTH_KEY_SIZE = 32;

	private static final int MINIMUM_VERSION = 1;

	Negotiation {
		if (authKey.length != AUTH_KEY_SIZE) {
			throw new IllegalArgumentException("The authentication key must have 32 bytes");
		}
	}

	KeyChain startChain() {
		return KeyChain.start(this.direction, this.authKey, this.limits);
	}

	ProtobufWriter encode() {
		return new ProtobufWriter().bytes(1, this.authKey)
			.uint32UnlessZero(2, this.direction.ordinal())
			.uint32(3, MINIMUM_VERSION)
			.message(4, this.limits.encode());
	}

	static Negotiation decode(ProtobufReader reader) {
		byte[] authKey = {};
		Direction direction = Direction.A2B;
		long minimumVersion = 0;
		Limits limits = Limits.DEFAULT;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> authKey = reader.bytes();
				case 2 -> direction = Direction.decode(reader);
				case 3 -> minimumVersion = reader.uint64();
				case 4 -> limits = Limits.decode(reader.message());
				default -> reader.skip();
			}
		}
		StoredState.check(authKey.length == AUTH_KEY_SIZE && minimumVersion == MINIMUM_VERSION, "negotiation");
		return new Negotiation(authKey, direction, limits);
	}

	@Override
	public String toString() {
		return "Negotiation[direction=" + this.direction + "]";
	}

}
