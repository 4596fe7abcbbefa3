package com.pacerelle.signal.session;

import java.util.List;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;

/**
 * A store that does what another does, to be made misbehave by overriding.
 */
class DelegatingStore implements SignalStore {

	private final SignalStore delegate;

	DelegatingStore(SignalStore delegate) {
		this.delegate = delegate;
	}

	@Override
	public EcKeyPair identityKeyPair() {
		return this.delegate.identityKeyPair();
	}

	@Override
	public int registrationId() {
		return this.delegate.registrationId();
	}

	@Override
	public EcPublicKey identity(ProtocolAddress peer) {
		return this.delegate.identity(peer);
	}

	@Override
	public StoredSession session(ProtocolAddress peer) {
		return this.delegate.session(peer);
	}

	@Override
	public byte[] archivedSession(ProtocolAddress peer, EcPublicKey baseKey) {
		return this.delegate.archivedSession(peer, baseKey);
	}

	@Override
	public byte[] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey) {
		return this.delegate.archivedSessionThatKnows(peer, ratchetKey);
	}

	@Override
	public List<byte[]> archivedSessions(ProtocolAddress peer) {
		return this.delegate.archivedSessions(peer);
	}

	@Override
	public OneTimePreKey oneTimePreKey(int id) {
		return this.delegate.oneTimePreKey(id);
	}

	@Override
	public SignedPreKey signedPreKey(int id) {
		return this.delegate.signedPreKey(id);
	}

	@Override
	public KyberPreKey kyberPreKey(int id) {
		return this.delegate.kyberPreKey(id);
	}

	@Override
	public boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return this.delegate.isBaseKeySeen(kyberPreKeyId, signedPreKeyId, baseKey);
	}

	@Override
	public void commit(List<StoreChange> changes) {
		this.delegate.commit(changes);
	}

}
