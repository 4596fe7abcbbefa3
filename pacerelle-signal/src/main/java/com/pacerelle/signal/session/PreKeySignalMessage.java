package com.pacerelle.signal.session;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.MalformedMessageException;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import org.jspecify.annotations.Nullable;

/**
 * A message that brings along what the responder needs to create the session (signal.md
 * section 9.3). Apart from the message inside nothing of it is authenticated.
 *
 * @param version 3 or 4
 * @param registrationId the sender's registration id
 * @param oneTimePreKeyId the one-time prekey, or {@code null} if none was used
 * @param signedPreKeyId the signed prekey
 * @param kyberPreKeyId the Kyber prekey, or {@code null} in version 3
 * @param kyberCiphertext the secret for the Kyber prekey, or {@code null} in version 3
 * @param baseKey the sender's ephemeral key
 * @param identityKey the sender's identity
 * @param message the message
 */
record PreKeySignalMessage(int version, int registrationId, @Nullable Integer oneTimePreKeyId, int signedPreKeyId,
		@Nullable Integer kyberPreKeyId, byte @Nullable [] kyberCiphertext, EcPublicKey baseKey,
		EcPublicKey identityKey, SignalMessage message) {

	/** The frame byte in front of such a message. */
	static final byte FRAME_TYPE = 1;

	private static final int ONE_TIME_PRE_KEY_ID = 1;

	private static final int BASE_KEY = 2;

	private static final int IDENTITY_KEY = 3;

	private static final int MESSAGE = 4;

	private static final int REGISTRATION_ID = 5;

	private static final int SIGNED_PRE_KEY_ID = 6;

	private static final int KYBER_PRE_KEY_ID = 7;

	private static final int KYBER_CIPHERTEXT = 8;

	/**
	 * Reads a message.
	 * @param frame the frame byte and the message
	 * @return the message
	 * @throws MalformedMessageException if the bytes are not a message of a version that
	 * is known
	 */
	static PreKeySignalMessage parse(byte[] frame) {
		if (frame.length < 2) {
			throw new MalformedMessageException("The message is empty");
		}
		int version = SignalMessage.version(frame[1]);
		try {
			return parse(version, new ProtobufReader(frame, 2, frame.length));
		}
		catch (ProtobufException | MalformedKeyException ex) {
			throw new MalformedMessageException("The message is damaged", ex);
		}
	}

	private static PreKeySignalMessage parse(int version, ProtobufReader reader) {
		Integer oneTimePreKeyId = null;
		byte[] baseKey = null;
		byte[] identityKey = null;
		byte[] message = null;
		int registrationId = 0;
		Integer signedPreKeyId = null;
		Integer kyberPreKeyId = null;
		byte[] kyberCiphertext = null;
		while (reader.next()) {
			switch (reader.field()) {
				case ONE_TIME_PRE_KEY_ID -> oneTimePreKeyId = reader.uint32();
				case BASE_KEY -> baseKey = reader.bytes();
				case IDENTITY_KEY -> identityKey = reader.bytes();
				case MESSAGE -> message = reader.bytes();
				case REGISTRATION_ID -> registrationId = reader.uint32();
				case SIGNED_PRE_KEY_ID -> signedPreKeyId = reader.uint32();
				case KYBER_PRE_KEY_ID -> kyberPreKeyId = reader.uint32();
				case KYBER_CIPHERTEXT -> kyberCiphertext = reader.bytes();
				default -> reader.skip();
			}
		}
		if ((kyberPreKeyId == null) != (kyberCiphertext == null)
				|| (version == SignalMessage.VERSION && kyberPreKeyId == null)) {
			throw new MalformedMessageException("The message lacks a Kyber field");
		}
		return new PreKeySignalMessage(version, registrationId, oneTimePreKeyId, SignalMessage.required(signedPreKeyId),
				kyberPreKeyId, kyberCiphertext, EcPublicKey.decode(SignalMessage.required(baseKey)),
				EcPublicKey.decode(SignalMessage.required(identityKey)),
				SignalMessage.parse(SignalMessage.required(message), 0));
	}

	/**
	 * Writes the message as a frame.
	 * @return frame byte, version byte and protobuf message
	 */
	byte[] toFrame() {
		ProtobufWriter writer = new ProtobufWriter();
		if (this.oneTimePreKeyId != null) {
			writer.uint32(ONE_TIME_PRE_KEY_ID, this.oneTimePreKeyId);
		}
		writer.bytes(BASE_KEY, this.baseKey.encode())
			.bytes(IDENTITY_KEY, this.identityKey.encode())
			.bytes(MESSAGE, this.message.encode())
			.uint32(REGISTRATION_ID, this.registrationId)
			.uint32(SIGNED_PRE_KEY_ID, this.signedPreKeyId);
		if (this.kyberPreKeyId != null && this.kyberCiphertext != null) {
			writer.uint32(KYBER_PRE_KEY_ID, this.kyberPreKeyId).bytes(KYBER_CIPHERTEXT, this.kyberCiphertext);
		}
		byte[] body = writer.toByteArray();
		byte[] frame = new byte[2 + body.length];
		frame[0] = FRAME_TYPE;
		frame[1] = SignalMessage.VERSION_BYTE;
		System.arraycopy(body, 0, frame, 2, body.length);
		return frame;
	}

}
