package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * C4: the ciphertext side while it sends the first part of the ciphertext and has the
 * key.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param encapsulation what the second step of the encapsulation needs
 * @param keyVector the key, checked
 * @param ct1 the first part of the ciphertext
 * @param encoder sends the first part of the ciphertext
 */
record EkReceivedCt1Sampled(long epoch, Authenticator authenticator, EncapsulationState encapsulation, byte[] keyVector,
		byte[] ct1, ErasureEncoder encoder) implements BraidState.CiphertextSide {

	static final int FIELD = 9;

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.CT1, step.chunk()), new EkReceivedCt1Sampled(this.epoch,
				this.authenticator, this.encapsulation, this.keyVector, this.ct1, step.next()));
	}

	@Override
	public Incoming receive(BraidMessage message) {
		boolean acknowledged = message.type() == Type.ACK || message.type() == Type.EK_ACK;
		return new Incoming(acknowledged ? completeCiphertext() : this);
	}

	/** Spqr.md section 9.4. */
	Ct2Sampled completeCiphertext() {
		return Ct2Sampled.complete(this.epoch, this.authenticator, this.encapsulation, this.keyVector, this.ct1);
	}

	@Override
	public boolean isSecretKnown() {
		return true;
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter core = encodeCore().bytes(3, this.encapsulation.packed())
			.bytes(4, this.keyVector)
			.bytes(5, this.ct1);
		ProtobufWriter fields = new ProtobufWriter().message(1, core).message(2, this.encoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static EkReceivedCt1Sampled decode(StoredBraid stored) {
		return new EkReceivedCt1Sampled(stored.epoch(), stored.authenticator(),
				EncapsulationState.ofStored(stored.data(3, EncapsulationState.SIZE)),
				stored.data(4, IncrementalMlKem768.KEY_VECTOR_SIZE), stored.data(5, IncrementalMlKem768.CT1_SIZE),
				stored.encoder(IncrementalMlKem768.CT1_SIZE));
	}

}
