package com.pacerelle.signal.spqr;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * Checks on what is read from a stored state (spqr.md appendix A).
 */
final class StoredState {

	private StoredState() {
	}

	static void check(boolean valid, String part) {
		if (!valid) {
			throw broken(part);
		}
	}

	static byte[] bytes(ProtobufReader reader, int length, String part) {
		byte[] bytes = reader.bytes();
		check(bytes.length == length, part);
		return bytes;
	}

	static SpqrException broken(String part) {
		return new SpqrException(Reason.STATE_DECODE, "The stored SPQR state has a broken " + part);
	}

}
