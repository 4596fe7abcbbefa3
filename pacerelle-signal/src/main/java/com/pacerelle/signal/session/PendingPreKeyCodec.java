package com.pacerelle.signal.session;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.protobuf.StoredField;

/**
 * Pending prekeys in the format of signal.md section 15, which has two messages for them.
 */
final class PendingPreKeyCodec {

	private static final int ONE_TIME_PRE_KEY_ID = 1;

	private static final int BASE_KEY = 2;

	private static final int SIGNED_PRE_KEY_ID = 3;

	private static final int CREATED_AT = 4;

	private static final int KYBER_PRE_KEY_ID = 1;

	private static final int KYBER_CIPHERTEXT = 2;

	private PendingPreKeyCodec() {
	}

	static ProtobufWriter preKeyWriter(PendingPreKey pending, EcPublicKey baseKey) {
		ProtobufWriter writer = new ProtobufWriter();
		if (pending.oneTimePreKeyId() != null) {
			writer.uint32(ONE_TIME_PRE_KEY_ID, pending.oneTimePreKeyId());
		}
		// The format has a signed number here, which is written with the sign extended.
		return writer.bytes(BASE_KEY, baseKey.encode())
			.uint64UnlessZero(SIGNED_PRE_KEY_ID, (long) pending.signedPreKeyId())
			.uint64UnlessZero(CREATED_AT, pending.createdAt());
	}

	static ProtobufWriter kyberWriter(PendingPreKey pending) {
		return new ProtobufWriter().uint32UnlessZero(KYBER_PRE_KEY_ID, pending.kyberPreKeyId())
			.bytes(KYBER_CIPHERTEXT, pending.kyberCiphertext());
	}

	static PendingPreKey read(ProtobufReader preKey, ProtobufReader kyber) {
		Integer oneTimePreKeyId = null;
		int signedPreKeyId = 0;
		long createdAt = 0;
		while (preKey.next()) {
			switch (preKey.field()) {
				case ONE_TIME_PRE_KEY_ID -> oneTimePreKeyId = preKey.uint32();
				case SIGNED_PRE_KEY_ID -> signedPreKeyId = preKey.uint32();
				case CREATED_AT -> createdAt = preKey.uint64();
				default -> preKey.skip();
			}
		}
		int kyberPreKeyId = 0;
		byte[] kyberCiphertext = null;
		while (kyber.next()) {
			switch (kyber.field()) {
				case KYBER_PRE_KEY_ID -> kyberPreKeyId = kyber.uint32();
				case KYBER_CIPHERTEXT -> kyberCiphertext = kyber.bytes();
				default -> kyber.skip();
			}
		}
		return new PendingPreKey(oneTimePreKeyId, signedPreKeyId, kyberPreKeyId, StoredField.required(kyberCiphertext),
				createdAt);
	}

}
