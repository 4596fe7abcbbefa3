package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * C3: the ciphertext side while it sends the first part of the ciphertext and receives
 * the key.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param header the header of the key
 * @param encapsulation what the second step of the encapsulation needs
 * @param ct1 the first part of the ciphertext
 * @param encoder sends the first part of the ciphertext
 * @param decoder receives the key
 */
record Ct1Sampled(long epoch, Authenticator authenticator, byte[] header, EncapsulationState encapsulation, byte[] ct1,
		ErasureEncoder encoder, ErasureDecoder decoder) implements BraidState.CiphertextSide {

	static final int FIELD = 8;

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.CT1, step.chunk()), new Ct1Sampled(this.epoch, this.authenticator,
				this.header, this.encapsulation, this.ct1, step.next(), this.decoder));
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.EK && message.type() != Type.EK_ACK) {
			return new Incoming(this);
		}
		boolean acknowledged = message.type() == Type.EK_ACK;
		ErasureDecoder key = this.decoder.add(message.requiredChunk());
		if (!key.isComplete()) {
			return new Incoming(acknowledged
					? new Ct1Acknowledged(this.epoch, this.authenticator, this.header, this.encapsulation, this.ct1,
							key)
					: new Ct1Sampled(this.epoch, this.authenticator, this.header, this.encapsulation, this.ct1,
							this.encoder, key));
		}
		EkReceivedCt1Sampled received = new EkReceivedCt1Sampled(this.epoch, this.authenticator, this.encapsulation,
				checkedKey(key, this.header), this.ct1, this.encoder);
		return new Incoming(acknowledged ? received.completeCiphertext() : received);
	}

	/**
	 * The key that was received.
	 * @param decoder a complete decoder
	 * @param header the header that announced the key
	 * @return the key vector
	 * @throws SpqrException with {@code ERRONEOUS_DATA_RECEIVED} if it is another key
	 */
	static byte[] checkedKey(ErasureDecoder decoder, byte[] header) {
		byte[] keyVector = decoder.payload();
		if (!IncrementalMlKem768.isKey(header, keyVector)) {
			throw new SpqrException(Reason.ERRONEOUS_DATA_RECEIVED, "The KEM key does not fit its header");
		}
		return keyVector;
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
		ProtobufWriter fields = new ProtobufWriter().message(1, core)
			.message(2, this.encoder.encode())
			.message(3, this.decoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static Ct1Sampled decode(StoredBraid stored) {
		return new Ct1Sampled(stored.epoch(), stored.authenticator(), stored.data(3, IncrementalMlKem768.HEADER_SIZE),
				EncapsulationState.ofStored(stored.data(4, EncapsulationState.SIZE)),
				stored.data(5, IncrementalMlKem768.CT1_SIZE), stored.encoder(IncrementalMlKem768.CT1_SIZE),
				stored.decoder(3, IncrementalMlKem768.KEY_VECTOR_SIZE));
	}

}
