package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * C2: the ciphertext side before it encapsulates.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param header the header of the key
 */
record HeaderReceived(long epoch, Authenticator authenticator, byte[] header) implements BraidState.CiphertextSide {

	static final int FIELD = 7;

	@Override
	public Outgoing send(SecureRandom random) {
		IncrementalMlKem768.Encapsulation encapsulation = IncrementalMlKem768.encapsulate(this.header, random);
		EpochSecret secret = EpochSecret.derive(this.epoch, encapsulation.secret());
		Arrays.fill(encapsulation.secret(), (byte) 0);
		ErasureEncoder.Step step = ErasureEncoder.of(encapsulation.ct1()).next();
		return new Outgoing(new BraidMessage(Type.CT1, step.chunk()), secret,
				new Ct1Sampled(this.epoch, this.authenticator.update(secret), this.header, encapsulation.state(),
						encapsulation.ct1(), step.next(),
						ErasureDecoder.forLength(IncrementalMlKem768.KEY_VECTOR_SIZE)));
	}

	@Override
	public ProtobufWriter encode() {
		ErasureDecoder key = ErasureDecoder.forLength(IncrementalMlKem768.KEY_VECTOR_SIZE);
		ProtobufWriter fields = new ProtobufWriter().message(1, encodeCore().bytes(3, this.header))
			.message(2, key.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static HeaderReceived decode(StoredBraid stored) {
		return new HeaderReceived(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.HEADER_SIZE));
	}

}
