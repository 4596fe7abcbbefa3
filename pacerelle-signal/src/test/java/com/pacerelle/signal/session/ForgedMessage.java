package com.pacerelle.signal.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.ratchet.MessageKeys;

/**
 * The first message to a responder, of which each part can be changed before MAC and
 * frame are computed.
 */
final class ForgedMessage {

	static final String TEXT = "hello";

	byte innerVersion = 0x44;

	byte[] ratchetKey;

	ProtobufWriter counter = new ProtobufWriter().uint32(2, 0);

	ProtobufWriter previousCounter = new ProtobufWriter().uint32(3, 0);

	byte[] ciphertext;

	byte[] pqRatchet;

	byte[] pqrKey;

	ProtobufWriter extra = new ProtobufWriter();

	boolean reversed;

	EcPublicKey sender;

	EcPublicKey receiver;

	int macLength = 8;

	byte outerVersion = 0x44;

	Integer oneTimePreKeyId;

	byte[] baseKey;

	byte[] identityKey;

	Integer registrationId;

	Integer signedPreKeyId;

	Integer kyberPreKeyId;

	byte[] kyberCiphertext;

	final byte[] seed;

	/**
	 * Starts from a correct message.
	 * @param bundle the responder's bundle
	 * @param random the source of all keys
	 */
	ForgedMessage(PreKeyBundle bundle, SeededRandom random) {
		ProtocolAddress peer = ProtocolAddress.of("responder");
		InMemorySignalStore store = new InMemorySignalStore(EcKeyPair.generate(random), 7);
		SessionCipher cipher = new SessionCipher(store, random, Clock.systemUTC());
		cipher.process(peer, bundle);
		store.commit(cipher.changes());
		Session session = SessionCodec.decode(store.session(peer).session());
		var sent = session.spqr().send(random);
		PendingPreKey pending = session.pending();
		this.seed = session.ratchet().sender().chainKey().seed();
		this.ratchetKey = session.ratchet().sender().ratchetKey().publicKey().encode();
		this.pqRatchet = sent.message();
		this.pqrKey = sent.key();
		this.ciphertext = keys().encrypt(TEXT.getBytes(StandardCharsets.UTF_8));
		this.sender = session.context().localIdentity();
		this.receiver = session.context().remoteIdentity();
		this.oneTimePreKeyId = pending.oneTimePreKeyId();
		this.baseKey = session.context().baseKey().encode();
		this.identityKey = this.sender.encode();
		this.registrationId = 7;
		this.signedPreKeyId = pending.signedPreKeyId();
		this.kyberPreKeyId = pending.kyberPreKeyId();
		this.kyberCiphertext = pending.kyberCiphertext();
	}

	MessageKeys keys() {
		return MessageKeys.derive(this.seed, this.pqrKey);
	}

	/**
	 * Encrypts anew, with other keys or a given padding.
	 * @param pqrKey the key of SPQR to use from now on
	 */
	void usePqrKey(byte[] pqrKey) {
		this.pqrKey = pqrKey;
		this.ciphertext = keys().encrypt(TEXT.getBytes(StandardCharsets.UTF_8));
	}

	byte[] frame() {
		List<byte[]> fields = new ArrayList<>();
		addIfPresent(fields, this.oneTimePreKeyId, 1);
		fields.add(new ProtobufWriter().bytes(2, this.baseKey).toByteArray());
		fields.add(new ProtobufWriter().bytes(3, this.identityKey).toByteArray());
		fields.add(new ProtobufWriter().bytes(4, message()).toByteArray());
		addIfPresent(fields, this.registrationId, 5);
		addIfPresent(fields, this.signedPreKeyId, 6);
		addIfPresent(fields, this.kyberPreKeyId, 7);
		if (this.kyberCiphertext != null) {
			fields.add(new ProtobufWriter().bytes(8, this.kyberCiphertext).toByteArray());
		}
		return join(new byte[] { 1, this.outerVersion }, fields);
	}

	private byte[] message() {
		List<byte[]> fields = new ArrayList<>(List.of(new ProtobufWriter().bytes(1, this.ratchetKey).toByteArray(),
				this.counter.toByteArray(), this.previousCounter.toByteArray(),
				new ProtobufWriter().bytes(4, this.ciphertext).toByteArray(),
				new ProtobufWriter().bytesUnlessEmpty(5, this.pqRatchet).toByteArray(), this.extra.toByteArray()));
		byte[] authenticated = join(new byte[] { this.innerVersion }, fields);
		byte[] mac = Hmac.sha256(keys().macKey(), this.sender.encode(), this.receiver.encode(), authenticated);
		return join(authenticated, List.of(Arrays.copyOf(mac, this.macLength)));
	}

	private byte[] join(byte[] start, List<byte[]> fields) {
		if (this.reversed) {
			fields = new ArrayList<>(fields);
			Collections.reverse(fields);
		}
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		joined.writeBytes(start);
		fields.forEach(joined::writeBytes);
		return joined.toByteArray();
	}

	private static void addIfPresent(List<byte[]> fields, Integer value, int number) {
		if (value != null) {
			fields.add(new ProtobufWriter().uint32(number, value).toByteArray());
		}
	}

}
