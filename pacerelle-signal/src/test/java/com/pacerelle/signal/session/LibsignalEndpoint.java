package com.pacerelle.signal.session;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import org.signal.libsignal.protocol.IdentityKey;
import org.signal.libsignal.protocol.IdentityKeyPair;
import org.signal.libsignal.protocol.SessionBuilder;
import org.signal.libsignal.protocol.SignalProtocolAddress;
import org.signal.libsignal.protocol.ecc.ECKeyPair;
import org.signal.libsignal.protocol.ecc.ECPrivateKey;
import org.signal.libsignal.protocol.ecc.ECPublicKey;
import org.signal.libsignal.protocol.kem.KEMPublicKey;
import org.signal.libsignal.protocol.message.CiphertextMessage;
import org.signal.libsignal.protocol.message.PreKeySignalMessage;
import org.signal.libsignal.protocol.message.SignalMessage;
import org.signal.libsignal.protocol.state.KyberPreKeyRecord;
import org.signal.libsignal.protocol.state.PreKeyRecord;
import org.signal.libsignal.protocol.state.SessionRecord;
import org.signal.libsignal.protocol.state.SignedPreKeyRecord;
import org.signal.libsignal.protocol.state.impl.InMemorySignalProtocolStore;

/**
 * An endpoint of libsignal. Its names are not service ids, as in this product.
 */
final class LibsignalEndpoint implements Endpoint {

	private static final SignalProtocolAddress PEER = new SignalProtocolAddress("agent:a1", 1);

	private final SignedPreKeyRecord signedPreKey;

	private final KyberPreKeyRecord kyberPreKey;

	private final Set<Integer> oneTimePreKeys = new HashSet<>();

	private InMemorySignalProtocolStore store;

	private final SecureRandom random;

	LibsignalEndpoint(int registrationId) {
		this(registrationId, new SecureRandom());
	}

	/**
	 * Makes an endpoint whose identity and prekeys a random source determines. The
	 * ephemeral keys are libsignal's, which takes no source.
	 * @param registrationId the registration id
	 * @param random the source
	 */
	LibsignalEndpoint(int registrationId, SecureRandom random) {
		this.random = random;
		EcKeyPair identity = EcKeyPair.generate(random);
		SignedPreKey signed = SignedPreKey.generate(1, identity, random);
		this.signedPreKey = new SignedPreKeyRecord(1, 42, keyPair(signed.keyPair()), signed.signature());
		KyberPreKey kyber = KyberPreKey.generate(1, identity, random);
		this.kyberPreKey = peer(() -> new KyberPreKeyRecord(new ProtobufWriter().uint32(1, 1)
			.bytes(2, kyber.publicKey())
			.bytes(3, kyber.secretKey())
			.bytes(4, kyber.signature())
			.toByteArray()));
		ECKeyPair identityPair = keyPair(identity);
		this.store = new InMemorySignalProtocolStore(
				new IdentityKeyPair(new IdentityKey(identityPair.getPublicKey()), identityPair.getPrivateKey()),
				registrationId);
		this.store.storeSignedPreKey(1, this.signedPreKey);
		this.store.storeKyberPreKey(1, this.kyberPreKey);
	}

	/**
	 * The session record in the format of signal.md section 15.
	 * @return the record
	 */
	byte[] record() {
		return this.store.loadSession(PEER).serialize();
	}

	private static ECKeyPair keyPair(EcKeyPair pair) {
		return peer(() -> new ECKeyPair(new ECPublicKey(pair.publicKey().encode()),
				new ECPrivateKey(pair.encodePrivateKey())));
	}

	@Override
	public byte[] encodedRecord() {
		return record();
	}

	@Override
	public PreKeyBundle bundle() {
		ECKeyPair pair = keyPair(EcKeyPair.generate(this.random));
		int id = this.oneTimePreKeys.size() + 1;
		this.oneTimePreKeys.add(id);
		this.store.storePreKey(id, new PreKeyRecord(id, pair));
		return peer(() -> new PreKeyBundle(this.store.getLocalRegistrationId(), 1,
				EcPublicKey.decode(this.store.getIdentityKeyPair().getPublicKey().serialize()), 1,
				EcPublicKey.decode(this.signedPreKey.getKeyPair().getPublicKey().serialize()),
				this.signedPreKey.getSignature(), 1, this.kyberPreKey.getKeyPair().getPublicKey().serialize(),
				this.kyberPreKey.getSignature(), id, EcPublicKey.decode(pair.getPublicKey().serialize())));
	}

	@Override
	public void process(PreKeyBundle bundle) {
		peer(() -> {
			EcPublicKey oneTime = bundle.oneTimePreKey();
			new SessionBuilder(this.store, PEER).process(
					new org.signal.libsignal.protocol.state.PreKeyBundle(bundle.registrationId(), bundle.deviceId(),
							(oneTime != null) ? bundle.oneTimePreKeyId()
									: org.signal.libsignal.protocol.state.PreKeyBundle.NULL_PRE_KEY_ID,
							(oneTime != null) ? new ECPublicKey(oneTime.encode()) : null, bundle.signedPreKeyId(),
							new ECPublicKey(bundle.signedPreKey().encode()), bundle.signedPreKeySignature(),
							new IdentityKey(bundle.identityKey().encode()), bundle.kyberPreKeyId(),
							new KEMPublicKey(bundle.kyberPreKey()), bundle.kyberPreKeySignature()));
			this.store.storeSession(PEER, new SessionRecord(withMandatorySpqr(record())));
			return null;
		});
	}

	@Override
	public byte[] encrypt(String text) {
		return peer(() -> {
			CiphertextMessage message = cipher().encrypt(text.getBytes(StandardCharsets.UTF_8));
			byte[] serialized = message.serialize();
			byte[] frame = new byte[1 + serialized.length];
			frame[0] = (byte) ((message.getType() == CiphertextMessage.PREKEY_TYPE) ? 1 : 2);
			System.arraycopy(serialized, 0, frame, 1, serialized.length);
			return frame;
		});
	}

	@Override
	public String decrypt(byte[] frame) {
		byte[] message = Arrays.copyOfRange(frame, 1, frame.length);
		byte[] plaintext = peer(() -> (frame[0] == 1) ? cipher().decrypt(new PreKeySignalMessage(message))
				: cipher().decrypt(new SignalMessage(message)));
		return new String(plaintext, StandardCharsets.UTF_8);
	}

	@Override
	public void restart() {
		InMemorySignalProtocolStore old = this.store;
		this.store = peer(() -> new InMemorySignalProtocolStore(
				new IdentityKeyPair(old.getIdentityKeyPair().serialize()), old.getLocalRegistrationId()));
		peer(() -> {
			this.store.storeSignedPreKey(1, new SignedPreKeyRecord(this.signedPreKey.serialize()));
			this.store.storeKyberPreKey(1, new KyberPreKeyRecord(this.kyberPreKey.serialize()));
			for (int id : this.oneTimePreKeys) {
				if (old.containsPreKey(id)) {
					this.store.storePreKey(id, new PreKeyRecord(old.loadPreKey(id).serialize()));
				}
			}
			if (old.getIdentity(PEER) != null) {
				this.store.saveIdentity(PEER, old.getIdentity(PEER));
			}
			if (old.containsSession(PEER)) {
				this.store.storeSession(PEER, new SessionRecord(old.loadSession(PEER).serialize()));
			}
			return null;
		});
	}

	/**
	 * Makes SPQR mandatory in a new session. As an initiator this release of libsignal
	 * does without its keys until it has an answer, unlike the product's runtime, and
	 * such messages are refused here.
	 * @param record the record of the session
	 * @return the record with SPQR's minimum version set to 1
	 */
	private static byte[] withMandatorySpqr(byte[] record) {
		// A reader merges a message that comes twice.
		byte[] minimumVersion = new ProtobufWriter().message(1, new ProtobufWriter().uint32(3, 1)).toByteArray();
		byte[] spqr = concat(field(field(record, 1), 15), minimumVersion);
		byte[] session = new ProtobufWriter().bytes(15, spqr).toByteArray();
		return concat(record, new ProtobufWriter().bytes(1, session).toByteArray());
	}

	private static byte[] field(byte[] message, int number) {
		ProtobufReader reader = new ProtobufReader(message);
		while (reader.next()) {
			if (reader.field() == number) {
				return reader.bytes();
			}
			reader.skip();
		}
		throw new IllegalArgumentException("There is no field " + number);
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	private org.signal.libsignal.protocol.SessionCipher cipher() {
		return new org.signal.libsignal.protocol.SessionCipher(this.store, PEER);
	}

	private static <T> T peer(PeerCall<T> call) {
		try {
			return call.run();
		}
		catch (org.signal.libsignal.protocol.DuplicateMessageException ex) {
			throw new Refused(ex, true);
		}
		catch (Exception ex) {
			throw new Refused(ex, false);
		}
	}

	private interface PeerCall<T> {

		T run() throws Exception;

	}

}
