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
record KeysUnsampled(long epoch, Authenticator authenticator) implements BraidState {

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
	public Incoming receive(BraidMessage message) {
		return new Incoming(this);
	}

	@Override
	public boolean isCiphertextSide() {
		return false;
	}

	@Override
	public int storedField() {
		return FIELD;
	}

	@Override
	public ProtobufWriter encode() {
		return new ProtobufWriter().message(1, encodeCore());
	}

	static KeysUnsampled decode(StoredBraid stored) {
		return new KeysUnsampled(stored.epoch(), stored.authenticator());
	}

}
