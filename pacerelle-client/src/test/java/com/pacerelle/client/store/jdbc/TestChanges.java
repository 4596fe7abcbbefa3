package com.pacerelle.client.store.jdbc;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;

/**
 * Changes for the tests, with everything filled in that a test does not care about.
 */
final class TestChanges {

	static final SecureRandom RANDOM = new SecureRandom();

	static final EcKeyPair IDENTITY = EcKeyPair.generate(RANDOM);

	static final ProtocolAddress PEER = ProtocolAddress.of("human:ann:kitchen:device:phone");

	static final Instant NOW = Instant.parse("2026-05-01T10:00:00.123Z");

	static final ReplyContext CONTEXT = new ReplyContext("ann", "kitchen", "phone");

	private TestChanges() {
	}

	static byte[] digest(int value) {
		byte[] digest = new byte[32];
		Arrays.fill(digest, (byte) value);
		return digest;
	}

	static EcPublicKey publicKey() {
		return EcKeyPair.generate(RANDOM).publicKey();
	}

	static Change.Session session(ProtocolAddress peer, byte... session) {
		return session(peer, 0, session);
	}

	static Change.Session session(ProtocolAddress peer, long predecessor, byte... session) {
		return new Change.Session(new StoreChange.SessionUpdated(peer, predecessor, session));
	}

	static Change.MessagePending pending(String messageId) {
		return pending(messageId, CONTEXT);
	}

	static Change.MessagePending pending(String messageId, ReplyContext context) {
		return new Change.MessagePending(messageId, digest(1), "text of " + messageId, context, NOW);
	}

	static Change.MessageAccepted accepted(String messageId) {
		return new Change.MessageAccepted(messageId, NOW);
	}

	static Change.MessageRejected rejected(String messageId) {
		return new Change.MessageRejected(messageId, digest(2), NOW);
	}

	static Change.FrameQueued frame(long sequence) {
		return new Change.FrameQueued(new OutboundFrame(sequence, "{\"frame\":" + sequence + "}"));
	}

	static Change.FramesDelivered delivered(Long... sequences) {
		return new Change.FramesDelivered(List.of(sequences));
	}

	static SignedPreKey signed(int id) {
		return SignedPreKey.generate(id, IDENTITY, RANDOM);
	}

	static KyberPreKey kyber(int id) {
		return KyberPreKey.generate(id, IDENTITY, RANDOM);
	}

	static Change.PreKeysCreated preKeys(SignedPreKey signed, KyberPreKey kyber, Instant createdAt) {
		return new Change.PreKeysCreated(signed, kyber, List.of(), createdAt);
	}

	static Change.PreKeysCreated oneTimePreKeys(Instant createdAt, int... ids) {
		return new Change.PreKeysCreated(null, null,
				Arrays.stream(ids).mapToObj((id) -> OneTimePreKey.generate(id, RANDOM)).toList(), createdAt);
	}

	static Change.Session oneTimePreKeyUsed(int id) {
		return new Change.Session(new StoreChange.OneTimePreKeyUsed(id));
	}

	static Change.Session baseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return new Change.Session(new StoreChange.BaseKeySeen(kyberPreKeyId, signedPreKeyId, baseKey));
	}

	static Change.Session identitySeen(ProtocolAddress peer, EcPublicKey identity) {
		return new Change.Session(new StoreChange.IdentitySeen(peer, identity));
	}

}
