package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;

/**
 * C6: the ciphertext side while it sends the second part of the ciphertext.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param encoder sends the second part of the ciphertext and its MAC
 */
record Ct2Sampled(long epoch, Authenticator authenticator,
		ErasureEncoder encoder) implements BraidState.CiphertextSide {

	static final int FIELD = 11;

	/**
	 * Completes the ciphertext and forgets all that led to it (spqr.md section 9.4).
	 * @param epoch the braid epoch
	 * @param authenticator the MAC keys, which depend on the secret of this epoch already
	 * @param encapsulation what the second step of the encapsulation needs
	 * @param keyVector the key, checked
	 * @param ct1 the first part of the ciphertext
	 * @return the state
	 */
	static Ct2Sampled complete(long epoch, Authenticator authenticator, EncapsulationState encapsulation,
			byte[] keyVector, byte[] ct1) {
		byte[] ct2 = IncrementalMlKem768.completeEncapsulation(encapsulation, keyVector);
		byte[] mac = authenticator.ciphertextMac(epoch, ct1, ct2);
		byte[] payload = Arrays.copyOf(ct2, CT2_PAYLOAD_SIZE);
		System.arraycopy(mac, 0, payload, ct2.length, mac.length);
		return new Ct2Sampled(epoch, authenticator, ErasureEncoder.of(payload));
	}

	@Override
	public Outgoing send(SecureRandom random) {
		ErasureEncoder.Step step = this.encoder.next();
		return new Outgoing(new BraidMessage(Type.CT2, step.chunk()),
				new Ct2Sampled(this.epoch, this.authenticator, step.next()));
	}

	/** A peer in the next epoch has the whole ciphertext; there it is our turn. */
	@Override
	public BraidState advance(long later) {
		return (later == this.epoch + 1) ? new KeysUnsampled(later, this.authenticator)
				: BraidState.CiphertextSide.super.advance(later);
	}

	@Override
	public boolean isSecretKnown() {
		return true;
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter fields = new ProtobufWriter().message(1, encodeCore()).message(2, this.encoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static Ct2Sampled decode(StoredBraid stored) {
		return new Ct2Sampled(stored.epoch(), stored.authenticator(), stored.encoder(CT2_PAYLOAD_SIZE));
	}

}
