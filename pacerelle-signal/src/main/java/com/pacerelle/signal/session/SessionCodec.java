package com.pacerelle.signal.session;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.protobuf.StableLayout;
import com.pacerelle.signal.protobuf.StoredField;
import com.pacerelle.signal.ratchet.ChainCodec;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import com.pacerelle.signal.ratchet.ReceiverChain;
import com.pacerelle.signal.ratchet.RootKey;
import com.pacerelle.signal.ratchet.SenderChain;
import com.pacerelle.signal.spqr.SpqrException;
import com.pacerelle.signal.spqr.SpqrState;

/**
 * Sessions in the format of signal.md section 15.
 */
final class SessionCodec {

	private static final int VERSION = 1;

	private static final int LOCAL_IDENTITY = 2;

	private static final int REMOTE_IDENTITY = 3;

	private static final int ROOT_KEY = 4;

	private static final int PREVIOUS_COUNTER = 5;

	private static final int SENDER_CHAIN = 6;

	private static final int RECEIVER_CHAIN = 7;

	private static final int PENDING_PRE_KEY = 9;

	private static final int REMOTE_REGISTRATION_ID = 10;

	private static final int LOCAL_REGISTRATION_ID = 11;

	private static final int BASE_KEY = 13;

	private static final int PENDING_KYBER = 14;

	private static final int SPQR = 15;

	/** Of all but the large fields of SPQR. */
	private static final int USUAL_SIZE = 1280;

	private SessionCodec() {
	}

	static byte[] encode(Session session) {
		return writer(session).toByteArray();
	}

	/**
	 * Encodes a session that is stored again with each message.
	 * @param session the session
	 * @return what {@link #decode(byte[])} reads as well
	 */
	static byte[] encodeStable(Session session) {
		return StableLayout.encode(writer(session));
	}

	/**
	 * Writes a session.
	 * @param session the session
	 * @return a writer that holds the session's secrets until it is used
	 */
	static ProtobufWriter writer(Session session) {
		SessionContext context = session.context();
		DoubleRatchet ratchet = session.ratchet();
		PendingPreKey pending = session.pending();
		ProtobufWriter writer = new ProtobufWriter(USUAL_SIZE).uint32(VERSION, SignalMessage.VERSION)
			.bytes(LOCAL_IDENTITY, context.localIdentity().encode())
			.bytes(REMOTE_IDENTITY, context.remoteIdentity().encode())
			.bytes(ROOT_KEY, ratchet.root().key())
			.uint32UnlessZero(PREVIOUS_COUNTER, ratchet.previousCounter())
			.message(SENDER_CHAIN, (nested) -> ChainCodec.write(ratchet.sender(), nested));
		for (ReceiverChain chain : ratchet.receivers()) {
			writer.message(RECEIVER_CHAIN, (nested) -> ChainCodec.write(chain, nested));
		}
		if (pending != null) {
			writer.message(PENDING_PRE_KEY, PendingPreKeyCodec.preKeyWriter(pending, context.baseKey()));
		}
		writer.uint32UnlessZero(REMOTE_REGISTRATION_ID, context.remoteRegistrationId())
			.uint32UnlessZero(LOCAL_REGISTRATION_ID, context.localRegistrationId())
			.bytes(BASE_KEY, context.baseKey().encode());
		if (pending != null) {
			writer.message(PENDING_KYBER, PendingPreKeyCodec.kyberWriter(pending));
		}
		return writer.message(SPQR, session.spqr()::write);
	}

	/**
	 * Reads a stored session.
	 * @param encoded what {@link #encode} or {@link #encodeStable} returned; the latter
	 * is rearranged
	 * @return the session
	 * @throws IllegalStateException if it is not a session of version 4
	 */
	static Session decode(byte[] encoded) {
		try {
			return read(StableLayout.decode(encoded));
		}
		catch (ProtobufException | MalformedKeyException | SpqrException ex) {
			throw damaged(ex);
		}
	}

	static Session decode(ProtobufReader reader) {
		try {
			return read(reader);
		}
		catch (ProtobufException | MalformedKeyException | SpqrException ex) {
			throw damaged(ex);
		}
	}

	private static IllegalStateException damaged(RuntimeException cause) {
		return new IllegalStateException("A stored session is damaged; delete it or restore the store", cause);
	}

	private static Session read(ProtobufReader reader) {
		int version = 0;
		EcPublicKey localIdentity = null;
		EcPublicKey remoteIdentity = null;
		byte[] rootKey = null;
		int previousCounter = 0;
		SenderChain sender = null;
		List<ReceiverChain> receivers = new ArrayList<>();
		ProtobufReader pendingPreKey = null;
		int remoteRegistrationId = 0;
		int localRegistrationId = 0;
		EcPublicKey baseKey = null;
		ProtobufReader pendingKyber = null;
		SpqrState spqr = null;
		while (reader.next()) {
			switch (reader.field()) {
				case VERSION -> version = reader.uint32();
				case LOCAL_IDENTITY -> localIdentity = EcPublicKey.decode(reader.bytes());
				case REMOTE_IDENTITY -> remoteIdentity = EcPublicKey.decode(reader.bytes());
				case ROOT_KEY -> rootKey = reader.bytes();
				case PREVIOUS_COUNTER -> previousCounter = reader.uint32();
				case SENDER_CHAIN -> sender = ChainCodec.readSender(reader.message());
				case RECEIVER_CHAIN -> receivers.add(ChainCodec.readReceiver(reader.message()));
				case PENDING_PRE_KEY -> pendingPreKey = reader.message();
				case REMOTE_REGISTRATION_ID -> remoteRegistrationId = reader.uint32();
				case LOCAL_REGISTRATION_ID -> localRegistrationId = reader.uint32();
				case BASE_KEY -> baseKey = EcPublicKey.decode(reader.bytes());
				case PENDING_KYBER -> pendingKyber = reader.message();
				case SPQR -> spqr = SpqrState.decode(reader.message());
				default -> reader.skip();
			}
		}
		if (version != SignalMessage.VERSION) {
			throw new IllegalStateException("A stored session has version " + version + "; delete it");
		}
		SessionContext context = new SessionContext(StoredField.required(localIdentity),
				StoredField.required(remoteIdentity), localRegistrationId, remoteRegistrationId,
				StoredField.required(baseKey));
		DoubleRatchet ratchet = new DoubleRatchet(new RootKey(StoredField.required(rootKey)), previousCounter,
				StoredField.required(sender), receivers);
		PendingPreKey pending = (pendingPreKey != null)
				? PendingPreKeyCodec.read(pendingPreKey, StoredField.required(pendingKyber)) : null;
		return new Session(context, ratchet, StoredField.required(spqr), pending);
	}

	/**
	 * Writes a session for the archive.
	 * @param peer the peer
	 * @param session the session
	 * @return the change that archives it
	 */
	static StoreChange.SessionArchived archived(ProtocolAddress peer, Session session) {
		List<EcPublicKey> ratchetKeys = session.ratchet().receivers().stream().map(ReceiverChain::ratchetKey).toList();
		return new StoreChange.SessionArchived(peer, session.context().baseKey(), ratchetKeys, encode(session));
	}

}
