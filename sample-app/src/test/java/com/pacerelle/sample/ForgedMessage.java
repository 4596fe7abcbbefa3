package com.pacerelle.sample;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;

/**
 * What can be read off a message of the session protocol by whoever carries it, and what
 * can be made of that (signal.md section 6): 16 bytes of nonsense with a MAC of zeros.
 *
 * @param ratchetKey the public key
 * @param counter the number of the message in its chain
 * @param epoch the epoch of the post-quantum ratchet
 * @param index the number of its key
 */
record ForgedMessage(byte[] ratchetKey, int counter, int epoch, int index) {

	private static final Random RANDOM = new Random(1);

	/**
	 * Reads a message.
	 * @param payload a message that is not the first one of a session
	 * @return what it shows
	 */
	static ForgedMessage like(String payload) {
		byte[] frame = Base64.getDecoder().decode(payload);
		byte[] ratchetKey = {};
		int counter = 0;
		ByteBuffer pqRatchet = ByteBuffer.allocate(0);
		ProtobufReader reader = new ProtobufReader(frame, 2, frame.length - 8);
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> ratchetKey = reader.bytes();
				case 2 -> counter = reader.uint32();
				case 5 -> pqRatchet = ByteBuffer.wrap(reader.bytes()).position(1);
				default -> reader.skip();
			}
		}
		return new ForgedMessage(ratchetKey, counter, varint(pqRatchet), varint(pqRatchet));
	}

	/**
	 * Forged messages of each kind that costs something.
	 * @param current a message of the current session
	 * @param archived a message of an archived one
	 * @param first the first message of a session
	 * @return the payloads by what they pretend
	 */
	static Map<String, String> ofEachKind(String current, String archived, String first) {
		ForgedMessage known = like(current);
		ForgedMessage old = like(archived);
		Map<String, String> payloads = new LinkedHashMap<>();
		payloads.put("next message", known.ahead(1).payload());
		payloads.put("24,999 messages later", known.ahead(24_999).payload());
		payloads.put("new ratchet key", known.under(publicKey(), 0, 3).payload());
		payloads.put("new ratchet key, 48 messages later", known.under(publicKey(), 48, 3).payload());
		payloads.put("new ratchet key, 24,999 messages later", known.under(publicKey(), 24_999, 24_999).payload());
		payloads.put("next message of an archived session", old.ahead(1).payload());
		payloads.put("24,999 messages later in an archived session", old.ahead(24_999).payload());
		payloads.put("new session", newSessionLike(first));
		payloads.put("no post-quantum part", new ForgedMessage(publicKey(), 1, 0, -1).payload());
		payloads.put("nonsense", Base64.getEncoder().encodeToString(bytes(100)));
		return payloads;
	}

	/** A first message to existing prekeys, of which nothing else is right. */
	private static String newSessionLike(String first) {
		byte[] frame = Base64.getDecoder().decode(first);
		ProtobufReader reader = new ProtobufReader(frame, 2, frame.length);
		ProtobufWriter writer = new ProtobufWriter();
		while (reader.next()) {
			switch (reader.field()) {
				case 2 -> {
					reader.skip();
					writer.bytes(2, publicKey());
				}
				case 3, 4, 8 -> writer.bytes(reader.field(), reader.bytes());
				default -> writer.uint32(reader.field(), reader.uint32());
			}
		}
		return payload(frame[0], frame[1], writer.toByteArray(), 0);
	}

	private ForgedMessage ahead(int messages) {
		return new ForgedMessage(this.ratchetKey, this.counter + messages, this.epoch, this.index + messages);
	}

	private ForgedMessage under(byte[] other, int first, int keysAhead) {
		return new ForgedMessage(other, first, this.epoch, this.index + keysAhead);
	}

	private String payload() {
		ByteBuffer pqRatchet = ByteBuffer.allocate(16);
		if (this.index >= 0) {
			varint(pqRatchet.put((byte) 1), this.epoch);
			varint(pqRatchet, this.index);
			pqRatchet.put((byte) 0);
		}
		byte[] body = new ProtobufWriter().bytes(1, this.ratchetKey)
			.uint32(2, this.counter)
			.uint32(3, 0)
			.bytes(4, bytes(16))
			.bytesUnlessEmpty(5, Arrays.copyOf(pqRatchet.array(), pqRatchet.position()))
			.toByteArray();
		return payload((byte) 2, (byte) 0x44, body, 8);
	}

	private static String payload(byte type, byte version, byte[] body, int mac) {
		byte[] frame = ByteBuffer.allocate(2 + body.length + mac).put(type).put(version).put(body).array();
		return Base64.getEncoder().encodeToString(frame);
	}

	private static byte[] publicKey() {
		byte[] key = bytes(33);
		key[0] = 5;
		key[32] &= 0x7F;
		return key;
	}

	private static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		RANDOM.nextBytes(bytes);
		return bytes;
	}

	private static int varint(ByteBuffer buffer) {
		int value = 0;
		for (int shift = 0;; shift += 7) {
			byte next = buffer.get();
			value |= (next & 0x7F) << shift;
			if (next >= 0) {
				return value;
			}
		}
	}

	private static void varint(ByteBuffer buffer, int value) {
		int rest = value;
		for (; rest > 0x7F; rest >>>= 7) {
			buffer.put((byte) (rest | 0x80));
		}
		buffer.put((byte) rest);
	}

}
