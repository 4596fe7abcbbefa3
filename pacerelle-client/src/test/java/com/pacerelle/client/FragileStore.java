package com.pacerelle.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.FailedMessage;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.KnownConversation;
import com.pacerelle.client.store.KnownGroupKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.Published;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoredMessage;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoredSession;
import org.jspecify.annotations.Nullable;

/**
 * A store whose disk fails when a test says so: for some commits, or for good, as if the
 * process had been killed.
 */
public final class FragileStore implements AgentStore {

	private final AgentStore store;

	private final List<List<? extends Change>> commits = new CopyOnWriteArrayList<>();

	private final AtomicInteger onTheWay = new AtomicInteger();

	private volatile Predicate<List<? extends Change>> failing = (changes) -> false;

	private volatile Runnable beforeReadingFrames = () -> {
	};

	private volatile @Nullable Death death;

	private volatile boolean dead;

	private int remaining;

	public FragileStore(AgentStore store) {
		this.store = store;
	}

	/**
	 * Has commits fail.
	 * @param failing which ones
	 */
	public void fail(Predicate<List<? extends Change>> failing) {
		this.failing = failing;
	}

	/**
	 * Called before frames are read.
	 * @param action what to do
	 */
	public void beforeReadingFrames(Runnable action) {
		this.beforeReadingFrames = action;
	}

	/**
	 * Kills the process at a commit from now on.
	 * @param commits at how many commits, 1 for the next one
	 * @param death before or after that commit is on the disk
	 * @param onDeath called when it happens
	 */
	synchronized void die(int commits, When death, Runnable onDeath) {
		this.remaining = commits;
		this.death = new Death(death, onDeath);
	}

	boolean isDead() {
		return this.dead;
	}

	/**
	 * What was committed so far.
	 * @return the changes of each commit
	 */
	List<List<? extends Change>> commits() {
		return this.commits;
	}

	/**
	 * Whether no commit is on its way.
	 * @return whether all that was to be committed is
	 */
	boolean isIdle() {
		return this.onTheWay.get() == 0;
	}

	List<Change> committed() {
		return this.commits.stream().<Change>flatMap(List::stream).toList();
	}

	@Override
	public CompletableFuture<@Nullable Void> commitAsync(List<? extends Change> changes) {
		Death now = null;
		synchronized (this) {
			if (this.dead || this.failing.test(changes)) {
				return CompletableFuture.failedFuture(new StoreException("The disk is gone", null));
			}
			if (this.death != null && --this.remaining == 0) {
				now = this.death;
				this.dead = true;
			}
		}
		if (now != null && now.when() == When.BEFORE) {
			now.onDeath().run();
			return CompletableFuture.failedFuture(new StoreException("The process was killed", null));
		}
		CompletableFuture<@Nullable Void> committed = this.store.commitAsync(changes);
		if (now == null) {
			this.onTheWay.incrementAndGet();
			return committed.thenRun(() -> remember(changes))
				.whenComplete((nothing, failure) -> this.onTheWay.decrementAndGet());
		}
		committed.join();
		now.onDeath().run();
		return CompletableFuture.failedFuture(new StoreException("The process was killed", null));
	}

	/** Not what only shows that the store can be written. */
	private void remember(List<? extends Change> changes) {
		if (!changes.isEmpty()) {
			this.commits.add(changes);
		}
	}

	private AgentStore alive() {
		if (this.dead) {
			throw new StoreException("The process was killed", null);
		}
		return this.store;
	}

	@Override
	public EcKeyPair identityKeyPair() {
		return alive().identityKeyPair();
	}

	@Override
	public int registrationId() {
		return alive().registrationId();
	}

	@Override
	public @Nullable EcPublicKey identity(ProtocolAddress peer) {
		return alive().identity(peer);
	}

	@Override
	public @Nullable StoredSession session(ProtocolAddress peer) {
		return alive().session(peer);
	}

	@Override
	public byte @Nullable [] archivedSession(ProtocolAddress peer, EcPublicKey baseKey) {
		return alive().archivedSession(peer, baseKey);
	}

	@Override
	public byte @Nullable [] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey) {
		return alive().archivedSessionThatKnows(peer, ratchetKey);
	}

	@Override
	public List<byte[]> archivedSessions(ProtocolAddress peer) {
		return alive().archivedSessions(peer);
	}

	@Override
	public @Nullable OneTimePreKey oneTimePreKey(int id) {
		return alive().oneTimePreKey(id);
	}

	@Override
	public @Nullable SignedPreKey signedPreKey(int id) {
		return alive().signedPreKey(id);
	}

	@Override
	public @Nullable KyberPreKey kyberPreKey(int id) {
		return alive().kyberPreKey(id);
	}

	@Override
	public boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return alive().isBaseKeySeen(kyberPreKeyId, signedPreKeyId, baseKey);
	}

	@Override
	public @Nullable Receipt receipt(String messageId) {
		return alive().receipt(messageId);
	}

	@Override
	public @Nullable StoredMessage message(String messageId) {
		return this.store.message(messageId);
	}

	@Override
	public int attempts(String messageId) {
		return this.store.attempts(messageId);
	}

	@Override
	public List<FailedMessage> deadLetters() {
		return this.store.deadLetters();
	}

	@Override
	public List<IssuedWidget> issuedWidgets(String conversationId, String widgetId, String recipient) {
		return alive().issuedWidgets(conversationId, widgetId, recipient);
	}

	@Override
	public @Nullable ReplyContext replyContext(String messageId) {
		return alive().replyContext(messageId);
	}

	@Override
	public @Nullable String lastDevice(String userId, String conversationId) {
		return alive().lastDevice(userId, conversationId);
	}

	@Override
	public Map<String, String> votes(String conversationId, String widgetId) {
		return alive().votes(conversationId, widgetId);
	}

	@Override
	public boolean usesPlainName(String userId, String conversationId, String deviceId) {
		return alive().usesPlainName(userId, conversationId, deviceId);
	}

	@Override
	public @Nullable KnownIdentity knownIdentity(String userId, @Nullable String deviceId, String conversationId) {
		return alive().knownIdentity(userId, deviceId, conversationId);
	}

	@Override
	public List<KnownIdentity> identities(String userId) {
		return alive().identities(userId);
	}

	@Override
	public List<KnownConversation> conversations(@Nullable KnownConversation after, int limit) {
		return alive().conversations(after, limit);
	}

	@Override
	public @Nullable Instant trustedSince(String userId, EcPublicKey identity) {
		return alive().trustedSince(userId, identity);
	}

	@Override
	public List<KnownIdentity> waitingIdentities() {
		return alive().waitingIdentities();
	}

	@Override
	public int waitingMessages(String userId, @Nullable String deviceId) {
		return alive().waitingMessages(userId, deviceId);
	}

	@Override
	public List<KnownHistoryKey> historyKeys(String conversationId, String recipient) {
		return alive().historyKeys(conversationId, recipient);
	}

	@Override
	public @Nullable GroupKey groupKey(String conversationId, String keyId, long epoch) {
		return alive().groupKey(conversationId, keyId, epoch);
	}

	@Override
	public List<KnownGroupKey> groupKeys(String conversationId) {
		return alive().groupKeys(conversationId);
	}

	@Override
	public boolean isGroupNonceUsed(GroupKey key, byte[] nonce) {
		return alive().isGroupNonceUsed(key, nonce);
	}

	@Override
	public List<OutboundFrame> undelivered(long afterSequence, int limit) {
		this.beforeReadingFrames.run();
		return alive().undelivered(afterSequence, limit);
	}

	@Override
	public int undeliveredCount() {
		return alive().undeliveredCount();
	}

	@Override
	public long lastSequence() {
		return alive().lastSequence();
	}

	@Override
	public @Nullable Published<SignedPreKey> currentSignedPreKey() {
		return alive().currentSignedPreKey();
	}

	@Override
	public @Nullable Published<KyberPreKey> currentKyberPreKey() {
		return alive().currentKyberPreKey();
	}

	@Override
	public int oneTimePreKeyCount() {
		return alive().oneTimePreKeyCount();
	}

	@Override
	public @Nullable Instant timePassed() {
		return alive().timePassed();
	}

	@Override
	public boolean isBundlePublished() {
		return alive().isBundlePublished();
	}

	@Override
	public List<OneTimePreKey> unpublishedOneTimePreKeys() {
		return alive().unpublishedOneTimePreKeys();
	}

	@Override
	public int reservePreKeyIds(int count) {
		return alive().reservePreKeyIds(count);
	}

	@Override
	public void close() {
		this.store.close();
	}

	/**
	 * When a process is killed.
	 */
	enum When {

		/** Before the commit is on the disk. */
		BEFORE,

		/** When the commit is on the disk, but nobody knows yet. */
		AFTER

	}

	private record Death(When when, Runnable onDeath) {
	}

}
