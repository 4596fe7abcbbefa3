package com.pacerelle.signal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A store that forgets everything when the process ends: for tests, and for people who
 * exist only during development. It is thread-safe.
 */
public final class InMemorySignalStore implements SignalStore {

	private final EcKeyPair identityKeyPair;

	private final int registrationId;

	private final Map<ProtocolAddress, EcPublicKey> identities = new HashMap<>();

	private final Map<ProtocolAddress, StoredSession> sessions = new HashMap<>();

	/** The one that was archived last comes first. */
	private final Map<ProtocolAddress, Deque<StoreChange.SessionArchived>> archivedSessions = new HashMap<>();

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
	public synchronized @Nullable StoredSession session(ProtocolAddress peer) {
		StoredSession stored = this.sessions.get(peer);
		return (stored != null) ? new StoredSession(stored.version(), stored.session().clone()) : null;
	}

	@Override
	public synchronized byte @Nullable [] archivedSession(ProtocolAddress peer, EcPublicKey baseKey) {
		return archived(peer).filter((session) -> session.baseKey().equals(baseKey))
			.map((session) -> session.session().clone())
			.findFirst()
			.orElse(null);
	}

	@Override
	public synchronized byte @Nullable [] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey) {
		return archived(peer).filter((session) -> session.ratchetKeys().contains(ratchetKey))
			.map((session) -> session.session().clone())
			.findFirst()
			.orElse(null);
	}

	@Override
	public synchronized List<byte[]> archivedSessions(ProtocolAddress peer) {
		return archived(peer).map((session) -> session.session().clone()).toList();
	}

	private Stream<StoreChange.SessionArchived> archived(ProtocolAddress peer) {
		return this.archivedSessions.getOrDefault(peer, new ArrayDeque<>()).stream();
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
		Map<ProtocolAddress, Long> versions = new HashMap<>();
		for (StoreChange change : changes) {
			if (contradicts(change) || !unique.add(change) || isStale(change, versions)) {
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

	private boolean isStale(StoreChange change, Map<ProtocolAddress, Long> versions) {
		if (!(change instanceof StoreChange.SessionUpdated updated)) {
			return false;
		}
		StoredSession stored = this.sessions.get(updated.peer());
		Long version = versions.getOrDefault(updated.peer(), (stored != null) ? stored.version() : 0);
		versions.put(updated.peer(), updated.predecessor() + 1);
		return version != updated.predecessor();
	}

	private void apply(StoreChange change) {
		if (change instanceof StoreChange.SessionUpdated updated) {
			this.sessions.put(updated.peer(), new StoredSession(updated.predecessor() + 1, updated.session().clone()));
		}
		else if (change instanceof StoreChange.SessionArchived archived) {
			archive(archived);
		}
		else if (change instanceof StoreChange.SessionRestored restored) {
			this.archivedSessions.getOrDefault(restored.peer(), new ArrayDeque<>())
				.removeIf((session) -> session.baseKey().equals(restored.baseKey()));
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

	private void archive(StoreChange.SessionArchived archived) {
		Deque<StoreChange.SessionArchived> sessions = this.archivedSessions.computeIfAbsent(archived.peer(),
				(peer) -> new ArrayDeque<>());
		sessions.removeIf((session) -> session.baseKey().equals(archived.baseKey()));
		sessions.addFirst(new StoreChange.SessionArchived(archived.peer(), archived.baseKey(), archived.ratchetKeys(),
				archived.session().clone()));
		if (sessions.size() > MAX_ARCHIVED_SESSIONS) {
			sessions.removeLast();
		}
	}

}
