package com.pacerelle.signal.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.UntrustedIdentityException;
import org.jspecify.annotations.Nullable;

/**
 * A store seen through changes that are not committed to it yet.
 */
final class UnitOfWork {

	private final SignalStore store;

	private final Map<ProtocolAddress, @Nullable EcPublicKey> identities = new HashMap<>();

	private final Map<ProtocolAddress, Sessions> sessions = new LinkedHashMap<>();

	private final Set<StoreChange> changes = new LinkedHashSet<>();

	UnitOfWork(SignalStore store) {
		this.store = store;
	}

	UnitOfWork copy() {
		UnitOfWork copy = new UnitOfWork(this.store);
		copy.identities.putAll(this.identities);
		copy.sessions.putAll(this.sessions);
		copy.changes.addAll(this.changes);
		return copy;
	}

	Sessions sessions(ProtocolAddress peer) {
		Sessions updated = this.sessions.get(peer);
		return (updated != null) ? updated : Sessions.read(this.store, peer);
	}

	void update(Sessions updated) {
		this.sessions.put(updated.peer(), updated);
	}

	/**
	 * Trusts on first use (signal.md section 12.1).
	 * @param peer the peer
	 * @param identity the identity that it claims
	 * @throws UntrustedIdentityException if it is known by another one
	 */
	void requireTrusted(ProtocolAddress peer, EcPublicKey identity) {
		EcPublicKey known = identity(peer);
		if (known != null && !known.equals(identity)) {
			throw new UntrustedIdentityException("The peer has another identity key than the one that was trusted"
					+ " first; only if that is genuine, delete the known key and the sessions of the peer");
		}
	}

	void trust(ProtocolAddress peer, EcPublicKey identity) {
		if (identity(peer) == null) {
			this.identities.put(peer, identity);
			this.changes.add(new StoreChange.IdentitySeen(peer, identity));
		}
	}

	@Nullable EcPublicKey identity(ProtocolAddress peer) {
		if (!this.identities.containsKey(peer)) {
			this.identities.put(peer, this.store.identity(peer));
		}
		return this.identities.get(peer);
	}

	@Nullable OneTimePreKey oneTimePreKey(int id) {
		return this.changes.contains(new StoreChange.OneTimePreKeyUsed(id)) ? null : this.store.oneTimePreKey(id);
	}

	boolean isSeen(StoreChange.BaseKeySeen key) {
		return this.changes.contains(key)
				|| this.store.isBaseKeySeen(key.kyberPreKeyId(), key.signedPreKeyId(), key.baseKey());
	}

	void add(StoreChange change) {
		this.changes.add(change);
	}

	boolean movesSessionsOnly() {
		return this.changes.isEmpty() && this.sessions.values().stream().allMatch(Sessions::movesCurrentOnly);
	}

	List<StoreChange> changes() {
		List<StoreChange> all = new ArrayList<>(this.changes);
		this.sessions.values().forEach((sessions) -> all.addAll(sessions.changes()));
		return List.copyOf(all);
	}

}
