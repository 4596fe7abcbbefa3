package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * K1: the key side before it makes its key pair.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 */
record KeysUnsampled(long epoch, Authenticator authenticator) implements BraidState.KeySide {

	static final int FIELD = 1;

	@Override
	public Outgoing send(SecureRandom random) {
		IncrementalMlKem768.KeyPair keyPair = IncrementalMlKem768.generateKeyPair(random);
		byte[] payload = Arrays.copyOf(keyPair.header(), HEADER_PAYLOAD_SIZE);
		byte[] mac = this.authenticator.headerMac(this.epoch, keyPair.header());
		System.arraycopy(mac, 0, payload, IncrementalMlKem768.HEADER_SIZE, mac.length);
		ErasureEncoder.Step step = ErasureEncoder.of(payload).next();
		return new Outgoing(new BraidMessage(Type.HDR, step.chunk()), new KeysSampled(this.epoch, this.authenticator,
				keyPair.keyVector(), keyPair.decapsulationKey(), step.next()));
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter fields = new ProtobufWriter().message(1, encodeCore());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static KeysUnsampled decode(StoredBraid stored) {
		return new KeysUnsampled(stored.epoch(), stored.authenticator());
	}

}
