package com.pacerelle.signal.spqr;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * K5: the key side while it receives the second part of the ciphertext.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param decapsulationKey the private key of the exchange, secret
 * @param ct1 the first part of the ciphertext
 * @param decoder receives the second part of the ciphertext and its MAC
 */
record EkSentCt1Received(long epoch, Authenticator authenticator, byte[] decapsulationKey, byte[] ct1,
		ErasureDecoder decoder) implements BraidState.KeySide {

	static final int FIELD = 5;

	@Override
	public Outgoing send(SecureRandom random) {
		return new Outgoing(BraidMessage.ACK, this);
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.CT2) {
			return new Incoming(this);
		}
		ErasureDecoder ct2 = this.decoder.add(message.requiredChunk());
		return ct2.isComplete() ? decapsulate(ct2.payload()) : new Incoming(
				new EkSentCt1Received(this.epoch, this.authenticator, this.decapsulationKey, this.ct1, ct2));
	}

	private Incoming decapsulate(byte[] payload) {
		byte[] ct2 = Arrays.copyOf(payload, IncrementalMlKem768.CT2_SIZE);
		byte[] mac = Arrays.copyOfRange(payload, IncrementalMlKem768.CT2_SIZE, CT2_PAYLOAD_SIZE);
		byte[] kemSecret = IncrementalMlKem768.decapsulate(this.decapsulationKey, this.ct1, ct2);
		EpochSecret secret = EpochSecret.derive(this.epoch, kemSecret);
		Arrays.fill(kemSecret, (byte) 0);
		Authenticator updated = this.authenticator.update(secret);
		if (!MessageDigest.isEqual(mac, updated.ciphertextMac(this.epoch, this.ct1, ct2))) {
			secret.erase();
			throw new SpqrException(Reason.MAC_VERIFY_FAILED, "The MAC of the KEM ciphertext is wrong");
		}
		return new Incoming(secret, NoHeaderReceived.start(this.epoch + 1, updated));
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter core = encodeCore().bytes(3, this.decapsulationKey).bytes(4, this.ct1);
		ProtobufWriter fields = new ProtobufWriter().message(1, core).message(3, this.decoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static EkSentCt1Received decode(StoredBraid stored) {
		return new EkSentCt1Received(stored.epoch(), stored.authenticator(),
				stored.data(3, IncrementalMlKem768.DECAPSULATION_KEY_SIZE),
				stored.data(4, IncrementalMlKem768.CT1_SIZE), stored.decoder(3, CT2_PAYLOAD_SIZE));
	}

}
