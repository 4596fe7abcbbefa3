package com.pacerelle.signal.spqr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The labels that separate the uses of HKDF and HMAC (spqr.md section 2).
 */
final class Labels {

	/** The two blanks are part of the protocol. */
	static final byte[] CHAIN_START = ascii("Signal PQ Ratchet V1 Chain  Start");

	static final byte[] CHAIN_ADD_EPOCH = ascii("Signal PQ Ratchet V1 Chain Add Epoch");

	static final byte[] CHAIN_NEXT = ascii("Signal PQ Ratchet V1 Chain Next");

	static final byte[] EPOCH_SECRET = ascii("Signal_PQCKA_V1_MLKEM768:SCKA Key");

	static final byte[] AUTHENTICATOR_UPDATE = ascii("Signal_PQCKA_V1_MLKEM768:Authenticator Update");

	static final byte[] MAC_HEADER = ascii("Signal_PQCKA_V1_MLKEM768:ekheader");

	static final byte[] MAC_CIPHERTEXT = ascii("Signal_PQCKA_V1_MLKEM768:ciphertext");

	private Labels() {
	}

	static byte[] withEpoch(byte[] label, long epoch) {
		return ByteBuffer.allocate(label.length + Long.BYTES).put(label).putLong(epoch).array();
	}

	private static byte[] ascii(String label) {
		return label.getBytes(StandardCharsets.US_ASCII);
	}

}
