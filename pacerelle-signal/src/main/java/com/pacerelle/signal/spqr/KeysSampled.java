package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * K2: the key side while it sends the header of its key.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param keyVector the key, to be sent next
 * @param decapsulationKey the private key of the exchange, secret
 * @param encoder sends the header and its MAC
 */
record KeysSampled(long epoch, Authenticator authenticator, byte[] keyVector, byte[] decapsulationKey,
		ErasureEncoder encoder) implements BraidState.KeySide {

	static final int FIELD = 2;

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.HDR, step.chunk()),
				new KeysSampled(this.epoch, this.authenticator, this.keyVector, this.decapsulationKey, step.next()));
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.CT1) {
			return new Incoming(this);
		}
		ErasureDecoder ct1 = ErasureDecoder.forLength(IncrementalMlKem768.CT1_SIZE);
		return new Incoming(new HeaderSent(this.epoch, this.authenticator, this.decapsulationKey,
				ErasureEncoder.of(this.keyVector), ct1.add(message.requiredChunk())));
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter core = encodeCore().bytes(3, this.keyVector).bytes(4, this.decapsulationKey);
		ProtobufWriter fields = new ProtobufWriter().message(1, core).message(2, this.encoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static KeysSampled decode(StoredBraid stored) {
		return new KeysSampled(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.KEY_VECTOR_SIZE),
				stored.data(4, IncrementalMlKem768.DECAPSULATION_KEY_SIZE), stored.encoder(HEADER_PAYLOAD_SIZE));
	}

}
