package com.pacerelle.benchmarks;

import java.util.Arrays;

import org.signal.libsignal.protocol.IdentityKeyPair;
import org.signal.libsignal.protocol.SessionBuilder;
import org.signal.libsignal.protocol.SessionCipher;
import org.signal.libsignal.protocol.SignalProtocolAddress;
import org.signal.libsignal.protocol.ecc.ECKeyPair;
import org.signal.libsignal.protocol.kem.KEMKeyPair;
import org.signal.libsignal.protocol.kem.KEMKeyType;
import org.signal.libsignal.protocol.message.CiphertextMessage;
import org.signal.libsignal.protocol.message.PreKeySignalMessage;
import org.signal.libsignal.protocol.message.SignalMessage;
import org.signal.libsignal.protocol.state.KyberPreKeyRecord;
import org.signal.libsignal.protocol.state.PreKeyBundle;
import org.signal.libsignal.protocol.state.PreKeyRecord;
import org.signal.libsignal.protocol.state.SignedPreKeyRecord;
import org.signal.libsignal.protocol.state.impl.InMemorySignalProtocolStore;

/**
 * A party of libsignal. Its frames are this project's, so that both do the same work.
 */
final class LibsignalParty implements Party<PreKeyBundle> {

	private static final SignalProtocolAddress PEER = new SignalProtocolAddress("peer", 1);

	private static final byte PRE_KEY_FRAME = 1;

	private static final byte SIGNAL_FRAME = 2;

	private final IdentityKeyPair identity = IdentityKeyPair.generate();

	private final ECKeyPair signedPreKey = ECKeyPair.generate();

	private final byte[] signedPreKeySignature = sign(this.signedPreKey.getPublicKey().serialize());

	private final KEMKeyPair kyberPreKey = KEMKeyPair.generate(KEMKeyType.KYBER_1024);

	private final byte[] kyberPreKeySignature = sign(this.kyberPreKey.getPublicKey().serialize());

	private final InMemorySignalProtocolStore store = new InMemorySignalProtocolStore(this.identity, 1);

	private int oneTimePreKeys;

	LibsignalParty() {
		this.store.storeSignedPreKey(1, new SignedPreKeyRecord(1, 0, this.signedPreKey, this.signedPreKeySignature));
		this.store.storeKyberPreKey(1, new KyberPreKeyRecord(1, 0, this.kyberPreKey, this.kyberPreKeySignature));
	}

	private byte[] sign(byte[] publicKey) {
		return this.identity.getPrivateKey().calculateSignature(publicKey);
	}

	@Override
	public PreKeyBundle bundle() {
		int id = ++this.oneTimePreKeys;
		ECKeyPair oneTimePreKey = ECKeyPair.generate();
		this.store.storePreKey(id, new PreKeyRecord(id, oneTimePreKey));
		return new PreKeyBundle(this.store.getLocalRegistrationId(), 1, id, oneTimePreKey.getPublicKey(), 1,
				this.signedPreKey.getPublicKey(), this.signedPreKeySignature, this.identity.getPublicKey(), 1,
				this.kyberPreKey.getPublicKey(), this.kyberPreKeySignature);
	}

	@Override
	public void process(PreKeyBundle bundle) {
		call(() -> {
			new SessionBuilder(this.store, PEER).process(bundle);
			return bundle;
		});
	}

	@Override
	public byte[] encrypt(byte[] plaintext) {
		CiphertextMessage message = call(() -> cipher().encrypt(plaintext));
		byte[] serialized = message.serialize();
		byte[] frame = new byte[1 + serialized.length];
		frame[0] = (message.getType() == CiphertextMessage.PREKEY_TYPE) ? PRE_KEY_FRAME : SIGNAL_FRAME;
		System.arraycopy(serialized, 0, frame, 1, serialized.length);
		return frame;
	}

	@Override
	public byte[] decrypt(byte[] frame) {
		byte[] message = Arrays.copyOfRange(frame, 1, frame.length);
		return call(() -> (frame[0] == PRE_KEY_FRAME) ? cipher().decrypt(new PreKeySignalMessage(message))
				: cipher().decrypt(new SignalMessage(message)));
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, PEER);
	}

	private static <T> T call(Call<T> call) {
		try {
			return call.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException("libsignal refused an operation", ex);
		}
	}

	private interface Call<T> {

		T run() throws Exception;

	}

}
