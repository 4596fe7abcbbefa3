package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * K3: the key side while it sends its key and receives the first part of the ciphertext.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param decapsulationKey the private key of the exchange, secret
 * @param encoder sends the key
 * @param decoder receives the first part of the ciphertext
 */
record HeaderSent(long epoch, Authenticator authenticator, byte[] decapsulationKey, ErasureEncoder encoder,
		ErasureDecoder decoder) implements BraidState.KeySide {

	static final int FIELD = 3;

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.EK, step.chunk()),
				new HeaderSent(this.epoch, this.authenticator, this.decapsulationKey, step.next(), this.decoder));
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.CT1) {
			return new Incoming(this);
		}
		ErasureDecoder ct1 = this.decoder.add(message.requiredChunk());
		return new Incoming(ct1.isComplete()
				? new Ct1Received(this.epoch, this.authenticator, this.decapsulationKey, ct1.payload(), this.encoder)
				: new HeaderSent(this.epoch, this.authenticator, this.decapsulationKey, this.encoder, ct1));
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter fields = new ProtobufWriter().message(1, encodeCore().bytes(3, this.decapsulationKey))
			.message(2, this.encoder.encode())
			.message(3, this.decoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static HeaderSent decode(StoredBraid stored) {
		return new HeaderSent(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.DECAPSULATION_KEY_SIZE),
				stored.encoder(IncrementalMlKem768.KEY_VECTOR_SIZE), stored.decoder(3, IncrementalMlKem768.CT1_SIZE));
	}

}
