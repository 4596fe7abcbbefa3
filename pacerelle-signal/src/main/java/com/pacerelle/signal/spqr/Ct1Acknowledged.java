package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * C5: the ciphertext side while it receives the rest of the key; the first part of the
 * ciphertext has arrived.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param header the header of the key
 * @param encapsulation what the second step of the encapsulation needs
 * @param ct1 the first part of the ciphertext
 * @param decoder receives the key
 */
record Ct1Acknowledged(long epoch, Authenticator authenticator, byte[] header, EncapsulationState encapsulation,
		byte[] ct1, ErasureDecoder decoder) implements BraidState.CiphertextSide {

	static final int FIELD = 10;

	@Override
	public Outgoing send(SecureRandom random) {
		return new Outgoing(BraidMessage.NONE, this);
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.EK && message.type() != Type.EK_ACK) {
			return new Incoming(this);
		}
		ErasureDecoder key = this.decoder.add(message.requiredChunk());
		return new Incoming(key.isComplete()
				? Ct2Sampled.complete(this.epoch, this.authenticator, this.encapsulation,
						Ct1Sampled.checkedKey(key, this.header), this.ct1)
				: new Ct1Acknowledged(this.epoch, this.authenticator, this.header, this.encapsulation, this.ct1, key));
	}

	@Override
	public boolean isSecretKnown() {
		return true;
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter core = encodeCore().bytes(3, this.header)
			.bytes(4, this.encapsulation.packed())
			.bytes(5, this.ct1);
		ProtobufWriter fields = new ProtobufWriter().message(1, core).message(2, this.decoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static Ct1Acknowledged decode(StoredBraid stored) {
		return new Ct1Acknowledged(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.HEADER_SIZE),
				EncapsulationState.ofStored(stored.data(4, EncapsulationState.SIZE)),
				stored.data(5, IncrementalMlKem768.CT1_SIZE), stored.decoder(2, IncrementalMlKem768.KEY_VECTOR_SIZE));
	}

}
