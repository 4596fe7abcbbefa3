package com.pacerelle.signal.spqr;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.BraidMessage.Type;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * C1: the ciphertext side while it receives the header of the key.
 *
 * @param epoch the braid epoch, unsigned
 * @param authenticator the MAC keys
 * @param decoder receives the header and its MAC
 */
record NoHeaderReceived(long epoch, Authenticator authenticator,
		ErasureDecoder decoder) implements BraidState.CiphertextSide {

	static final int FIELD = 6;

	static NoHeaderReceived start(long epoch, Authenticator authenticator) {
		return new NoHeaderReceived(epoch, authenticator, ErasureDecoder.forLength(HEADER_PAYLOAD_SIZE));
	}

	@Override
	public Outgoing send(SecureRandom random) {
		return new Outgoing(BraidMessage.NONE, this);
	}

	@Override
	public Incoming receive(BraidMessage message) {
		if (message.type() != Type.HDR) {
			return new Incoming(this);
		}
		ErasureDecoder header = this.decoder.add(message.requiredChunk());
		return new Incoming(header.isComplete() ? verify(header.payload())
				: new NoHeaderReceived(this.epoch, this.authenticator, header));
	}

	private HeaderReceived verify(byte[] payload) {
		byte[] header = Arrays.copyOf(payload, IncrementalMlKem768.HEADER_SIZE);
		byte[] mac = Arrays.copyOfRange(payload, IncrementalMlKem768.HEADER_SIZE, HEADER_PAYLOAD_SIZE);
		if (!MessageDigest.isEqual(mac, this.authenticator.headerMac(this.epoch, header))) {
			throw new SpqrException(Reason.MAC_VERIFY_FAILED, "The MAC of the KEM header is wrong");
		}
		return new HeaderReceived(this.epoch, this.authenticator, header);
	}

	@Override
	public ProtobufWriter encode() {
		ProtobufWriter fields = new ProtobufWriter().message(1, encodeCore()).message(2, this.decoder.encode());
		return new ProtobufWriter().message(FIELD, fields);
	}

	static NoHeaderReceived decode(StoredBraid stored) {
		return new NoHeaderReceived(stored.epoch(), stored.authenticator(), stored.decoder(2, HEADER_PAYLOAD_SIZE));
	}

}
