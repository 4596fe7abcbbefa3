package com.pacerelle.signal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A store that forgets everything when the process ends: for tests, and for people who
 * exist only during development. It is thread-safe.
 */
public final class InMemorySignalStore implements SignalStore {

	private final EcKeyPair identityKeyPair;

	private final int registrationId;

	private final Map<ProtocolAddress, EcPublicKey> identities = new HashMap<>();

	private final Map<ProtocolAddress, byte[]> sessions = new HashMap<>();

	private final Map<Integer, OneTimePreKey> oneTimePreKeys = new HashMap<>();

	private final Map<Integer, SignedPreKey> signedPreKeys = new HashMap<>();

	private final Map<Integer, KyberPreKey> kyberPreKeys = new HashMap<>();

	private final Set<StoreChange.BaseKeySeen> baseKeys = new HashSet<>();

	/**
	 * Creates a store without prekeys.
	 * @param identityKeyPair the own identity
	 * @param registrationId a number in 1..16380
	 */
	public InMemorySignalStore(EcKeyPair identityKeyPair, int registrationId) {
		this.identityKeyPair = identityKeyPair;
		this.registrationId = registrationId;
	}

	/**
	 * Adds a one-time prekey, or replaces the one with the same id.
	 * @param preKey the prekey
	 */
	public synchronized void add(OneTimePreKey preKey) {
		this.oneTimePreKeys.put(preKey.id(), preKey);
	}

	/**
	 * Adds a signed prekey, or replaces the one with the same id.
	 * @param preKey the prekey
	 */
	public synchronized void add(SignedPreKey preKey) {
		this.signedPreKeys.put(preKey.id(), preKey);
	}

	/**
	 * Adds a Kyber prekey, or replaces the one with the same id.
	 * @param preKey the prekey
	 */
	public synchronized void add(KyberPreKey preKey) {
		this.kyberPreKeys.put(preKey.id(), preKey);
	}

	@Override
	public EcKeyPair identityKeyPair() {
		return this.identityKeyPair;
	}

	@Override
	public int registrationId() {
		return this.registrationId;
	}

	@Override
	public synchronized @Nullable EcPublicKey identity(ProtocolAddress peer) {
		return this.identities.get(peer);
	}

	@Override
	public synchronized byte @Nullable [] session(ProtocolAddress peer) {
		byte[] session = this.sessions.get(peer);
		return (session != null) ? session.clone() : null;
	}

	@Override
	public synchronized @Nullable OneTimePreKey oneTimePreKey(int id) {
		return this.oneTimePreKeys.get(id);
	}

	@Override
	public synchronized @Nullable SignedPreKey signedPreKey(int id) {
		return this.signedPreKeys.get(id);
	}

	@Override
	public synchronized @Nullable KyberPreKey kyberPreKey(int id) {
		return this.kyberPreKeys.get(id);
	}

	@Override
	public synchronized boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return this.baseKeys.contains(new StoreChange.BaseKeySeen(kyberPreKeyId, signedPreKeyId, baseKey));
	}

	@Override
	public synchronized void commit(List<StoreChange> changes) {
		Set<StoreChange> unique = new HashSet<>();
		for (StoreChange change : changes) {
			if (contradicts(change) || !unique.add(change)) {
				throw new IllegalStateException(
						"Nothing was committed, for this change contradicts the store: " + change);
			}
		}
		changes.forEach(this::apply);
	}

	private boolean contradicts(StoreChange change) {
		if (change instanceof StoreChange.OneTimePreKeyUsed used) {
			return !this.oneTimePreKeys.containsKey(used.id());
		}
		if (change instanceof StoreChange.BaseKeySeen seen) {
			return this.baseKeys.contains(seen);
		}
		if (change instanceof StoreChange.IdentitySeen seen) {
			return !seen.identity().equals(this.identities.getOrDefault(seen.peer(), seen.identity()));
		}
		return false;
	}

	private void apply(StoreChange change) {
		if (change instanceof StoreChange.SessionUpdated updated) {
			this.sessions.put(updated.peer(), updated.record().clone());
		}
		else if (change instanceof StoreChange.IdentitySeen seen) {
			this.identities.put(seen.peer(), seen.identity());
		}
		else if (change instanceof StoreChange.OneTimePreKeyUsed used) {
			this.oneTimePreKeys.remove(used.id());
		}
		else if (change instanceof StoreChange.BaseKeySeen seen) {
			this.baseKeys.add(seen);
		}
	}

}
