package com.pacerelle.signal.session;

import java.security.MessageDigest;
import java.util.Arrays;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.MalformedMessageException;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import com.pacerelle.signal.ratchet.MessageKeys;
import com.pacerelle.signal.spqr.SpqrException;
import com.pacerelle.signal.spqr.SpqrState;
import org.jspecify.annotations.Nullable;

/**
 * A message of an established session (signal.md section 9.2): the version byte, a
 * protobuf message and a MAC over both as they were received.
 *
 * @param versionByte the version in the high nibble; the low one counts for the MAC only
 * @param body the protobuf message
 * @param mac 8 bytes
 * @param ratchetKey the sender's ratchet key
 * @param counter the message's place in its chain, unsigned
 * @param ciphertext the ciphertext
 * @param pqRatchet the part of SPQR, or empty
 * @param addressed whether the message is bound to addresses, which this product's names
 * never are
 */
record SignalMessage(byte versionByte, byte[] body, byte[] mac, EcPublicKey ratchetKey, int counter, byte[] ciphertext,
		byte[] pqRatchet, boolean addressed) {

	/** The frame byte in front of such a message. */
	static final byte FRAME_TYPE = 2;

	/** The version that is written, in both nibbles. */
	static final byte VERSION_BYTE = 0x44;

	static final int VERSION = 4;

	static final int MINIMUM_VERSION = 3;

	private static final int RATCHET_KEY = 1;

	private static final int COUNTER = 2;

	private static final int PREVIOUS_COUNTER = 3;

	private static final int CIPHERTEXT = 4;

	private static final int PQ_RATCHET = 5;

	private static final int ADDRESSES = 6;

	/**
	 * Makes a message.
	 * @param ratchet the state that sends it
	 * @param ciphertext the ciphertext
	 * @param pqRatchet the part of SPQR
	 * @param keys the keys of the message
	 * @param sender the own identity
	 * @param receiver the peer's identity
	 * @return the message
	 */
	static SignalMessage create(DoubleRatchet ratchet, byte[] ciphertext, byte[] pqRatchet, MessageKeys keys,
			EcPublicKey sender, EcPublicKey receiver) {
		EcPublicKey ratchetKey = ratchet.sender().ratchetKey().publicKey();
		int counter = ratchet.sender().requireOpen().index();
		byte[] body = new ProtobufWriter().bytes(RATCHET_KEY, ratchetKey.encode())
			.uint32(COUNTER, counter)
			.uint32(PREVIOUS_COUNTER, ratchet.previousCounter())
			.bytes(CIPHERTEXT, ciphertext)
			.bytesUnlessEmpty(PQ_RATCHET, pqRatchet)
			.toByteArray();
		byte[] mac = keys.mac(sender, receiver, VERSION_BYTE, body);
		return new SignalMessage(VERSION_BYTE, body, mac, ratchetKey, counter, ciphertext, pqRatchet, false);
	}

	/**
	 * Reads a message.
	 * @param message the array that contains it
	 * @param from where it starts
	 * @return the message, not authenticated yet
	 * @throws MalformedMessageException if the bytes are not a message of a version that
	 * is known
	 */
	static SignalMessage parse(byte[] message, int from) {
		int bodyEnd = message.length - MessageKeys.MAC_LENGTH;
		if (bodyEnd <= from) {
			throw new MalformedMessageException("The message is too short");
		}
		byte versionByte = message[from];
		version(versionByte);
		byte[] body = Arrays.copyOfRange(message, from + 1, bodyEnd);
		byte[] mac = Arrays.copyOfRange(message, bodyEnd, message.length);
		try {
			return parse(versionByte, body, mac);
		}
		catch (ProtobufException | MalformedKeyException ex) {
			throw new MalformedMessageException("The message is damaged", ex);
		}
	}

	private static SignalMessage parse(byte versionByte, byte[] body, byte[] mac) {
		byte[] ratchetKey = null;
		Integer counter = null;
		byte[] ciphertext = null;
		byte[] pqRatchet = new byte[0];
		boolean addressed = false;
		ProtobufReader reader = new ProtobufReader(body);
		while (reader.next()) {
			switch (reader.field()) {
				case RATCHET_KEY -> ratchetKey = reader.bytes();
				case COUNTER -> counter = reader.uint32();
				case PREVIOUS_COUNTER -> reader.uint32();
				case CIPHERTEXT -> ciphertext = reader.bytes();
				case PQ_RATCHET -> pqRatchet = reader.bytes();
				case ADDRESSES -> {
					reader.bytes();
					addressed = true;
				}
				default -> reader.skip();
			}
		}
		return new SignalMessage(versionByte, body, mac, EcPublicKey.decode(required(ratchetKey)), required(counter),
				required(ciphertext), pqRatchet, addressed);
	}

	static <T> T required(@Nullable T field) {
		if (field == null) {
			throw new MalformedMessageException("The message lacks a required field");
		}
		return field;
	}

	/**
	 * Reads the version of a message.
	 * @param versionByte the first byte
	 * @return a version that can be parsed
	 * @throws MalformedMessageException if the version is older or newer
	 */
	static int version(byte versionByte) {
		int version = (versionByte & 0xFF) >>> 4;
		if (version < MINIMUM_VERSION || version > VERSION) {
			throw new MalformedMessageException("The message has version " + version + ", which is not supported");
		}
		return version;
	}

	int version() {
		return version(this.versionByte);
	}

	/**
	 * Requires all that can be required of a message for whatever session, which costs
	 * next to nothing: no honest peer ever sends another one.
	 * @throws InvalidMessageException if no session can decrypt the message
	 */
	void requireDecryptable() {
		if (version() != VERSION) {
			throw new InvalidMessageException("The message has another version than all sessions");
		}
		if (this.addressed) {
			throw new InvalidMessageException("The message is bound to addresses, which nobody has here");
		}
		if (this.ciphertext.length == 0 || this.ciphertext.length % MessageKeys.BLOCK_LENGTH != 0) {
			throw new InvalidMessageException("The ciphertext has a wrong length");
		}
		try {
			SpqrState.requireWellFormed(this.pqRatchet);
		}
		catch (SpqrException ex) {
			throw new InvalidMessageException("The message has no valid post-quantum part", ex);
		}
	}

	/**
	 * Whether the peer made this message.
	 * @param keys the keys of the message
	 * @param sender the peer's identity
	 * @param receiver the own identity
	 * @return whether the MAC is right
	 */
	boolean isAuthentic(MessageKeys keys, EcPublicKey sender, EcPublicKey receiver) {
		byte[] expected = keys.mac(sender, receiver, this.versionByte, this.body);
		return MessageDigest.isEqual(expected, this.mac);
	}

	/**
	 * Writes the message behind another byte.
	 * @param prefix the bytes in front
	 * @return prefix, version byte, body and MAC
	 */
	byte[] encode(byte... prefix) {
		int start = prefix.length;
		byte[] encoded = Arrays.copyOf(prefix, start + 1 + this.body.length + this.mac.length);
		encoded[start] = this.versionByte;
		System.arraycopy(this.body, 0, encoded, start + 1, this.body.length);
		System.arraycopy(this.mac, 0, encoded, start + 1 + this.body.length, this.mac.length);
		return encoded;
	}

}
