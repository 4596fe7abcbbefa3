package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * K4: the key side while it sends the rest of its key and waits for the second part of
 * the ciphertext.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param decapsulationKey the private key of the exchange, secret
 * @param ct1 the first part of the ciphertext
 * @param encoder sends the key
 */
record Ct1Received(long epoch, Authenticator authenticator, byte[] decapsulationKey, byte[] ct1,
		ErasureEncoder encoder) implements BraidState.KeySide {

	static final int FIELD = 4;

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.EK_ACK, step.chunk()),
				new Ct1Received(this.epoch, this.authenticator, this.decapsulationKey, this.ct1, step.next()));
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.CT2) {
			return new Incoming(this);
		}
		ErasureDecoder ct2 = ErasureDecoder.forLength(CT2_PAYLOAD_SIZE);
		return new Incoming(new EkSentCt1Received(this.epoch, this.authenticator, this.decapsulationKey, this.ct1,
				ct2.add(message.requiredChunk())));
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter core = encodeCore().bytes(3, this.decapsulationKey).bytes(4, this.ct1);
		ProtobufWriter fields = new ProtobufWriter().message(1, core).message(2, this.encoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static Ct1Received decode(StoredBraid stored) {
		return new Ct1Received(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.DECAPSULATION_KEY_SIZE),
				stored.data(4, IncrementalMlKem768.CT1_SIZE), stored.encoder(IncrementalMlKem768.KEY_VECTOR_SIZE));
	}

}
