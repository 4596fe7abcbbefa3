package com.pacerelle.signal.spqr;

import java.util.Arrays;

import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * The keys that authenticate KEM headers and ciphertexts; they depend on all earlier
 * epoch secrets (spqr.md section 6).
 *
 * @param root 32 secret bytes that the next keys depend on
 * @param macKey 32 secret bytes
 */
record Authenticator(byte[] root, byte[] macKey) {

	static final int MAC_SIZE = 32;

	private static final int KEY_SIZE = 32;

	static Authenticator initial(byte[] authKey) {
		return update(new byte[KEY_SIZE], 1, authKey);
	}

	Authenticator update(EpochSecret secret) {
		return update(this.root, secret.epoch(), secret.value());
	}

	byte[] headerMac(long epoch, byte[] header) {
		return Hmac.sha256(this.macKey, Labels.withEpoch(Labels.MAC_HEADER, epoch), header);
	}

	byte[] ciphertextMac(long epoch, byte[] ct1, byte[] ct2) {
		return Hmac.sha256(this.macKey, Labels.withEpoch(Labels.MAC_CIPHERTEXT, epoch), ct1, ct2);
	}

	ProtobufWriter encode() {
		return new ProtobufWriter().bytes(1, this.root).bytes(2, this.macKey);
	}

	static Authenticator decode(ProtobufReader reader) {
		byte[] root = {};
		byte[] macKey = {};
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> root = reader.bytes();
				case 2 -> macKey = reader.bytes();
				default -> reader.skip();
			}
		}
		StoredState.check(root.length == KEY_SIZE && macKey.length == KEY_SIZE, "authenticator");
		return new Authenticator(root, macKey);
	}

	@Override
	public String toString() {
		return "Authenticator[]";
	}

	private static Authenticator update(byte[] root, long epoch, byte[] secret) {
		byte[] material = Arrays.copyOf(root, root.length + secret.length);
		System.arraycopy(secret, 0, material, root.length, secret.length);
		byte[] keys = Hkdf.derive(material, Labels.withEpoch(Labels.AUTHENTICATOR_UPDATE, epoch), 2 * KEY_SIZE);
		try {
			return new Authenticator(Arrays.copyOf(keys, KEY_SIZE), Arrays.copyOfRange(keys, KEY_SIZE, 2 * KEY_SIZE));
		}
		finally {
			Arrays.fill(material, (byte) 0);
			Arrays.fill(keys, (byte) 0);
		}
	}

}
