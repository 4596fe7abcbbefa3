package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.FailedMessage;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.InitialState;
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
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.StoreMovedException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoredSession;
import org.jspecify.annotations.Nullable;

/**
 * A store in a relational database. What is committed is on the disk, for all that wait
 * at once.
 * <p>
 * The class is as long as its contract: it has a short method for each query, and leaves
 * the rest to the other classes of this package.
 */
public abstract sealed class JdbcAgentStore implements AgentStore permits SqliteAgentStore, PostgresAgentStore {

	/** A delivered frame that is not recorded in time is only sent again. */
	private static final Duration DEFERRAL = Duration.ofMillis(100);

	private final Opener opener;

	private final AtomicInteger rejections = new AtomicInteger();

	private final AtomicBoolean closed = new AtomicBoolean(true);

	private volatile @Nullable Open open;

	/**
	 * Creates a store that is not open yet.
	 * @param opener opens it, any number of times
	 */
	JdbcAgentStore(Opener opener) {
		this.opener = opener;
	}

	/**
	 * Reads the identity of the agent, and creates it when the store is new.
	 * @param statements run in a transaction of the caller
	 * @param dataKeys seals, {@code null} if nothing is sealed
	 * @param initialState what a new store starts with, {@code null} for an agent that is
	 * new itself
	 * @param random the source of a new identity
	 * @return the identity
	 * @throws SQLException if the database refuses
	 * @throws StoreMovedException if the state was moved to another store
	 */
	static OwnIdentity identity(Statements statements, @Nullable DataKeys dataKeys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) throws SQLException {
		Seal seal = (dataKeys != null) ? dataKeys : Seal.NONE;
		if (initialState != null && !OwnIdentity.isStored(statements)) {
			InitialState state = initialState.get();
			new OwnIdentity(state.identityKeyPair(), state.registrationId()).store(statements, seal,
					state.nextPreKeyId());
			new ChangeWriter(statements, seal, new AtomicInteger()).write(state.changes());
		}
		requireNotMoved(statements);
		return OwnIdentity.load(statements, seal, random);
	}

	private static void requireNotMoved(Statements statements) throws SQLException {
		String place = statements.first(Sql.READ_MOVED_TO, (row) -> row.getString(1));
		if (place != null) {
			throw new StoreMovedException("The state of the agent was moved from this store to " + place
					+ ": an agent that goes on from both would use message keys twice. Use that store, or move the"
					+ " state back");
		}
	}

	/**
	 * Starts the threads of a store.
	 * @param name where it is
	 * @param identity the identity of its agent
	 * @param agentId names its threads
	 * @param dataKeys seals, {@code null} if nothing is sealed
	 * @param reads reads
	 * @param writer writes
	 * @param chore what it needs once a minute
	 * @param place what is released at the end
	 * @return the open store
	 */
	static Open start(String name, OwnIdentity identity, String agentId, @Nullable DataKeys dataKeys, Reads reads,
			Writer writer, Upkeep.Chore chore, Place place) {
		String threads = "pacerelle-store-" + agentId;
		CommitQueue commits = new CommitQueue(writer, DEFERRAL, threads);
		return new Open(identity, (dataKeys != null) ? dataKeys : Seal.NONE, reads, commits,
				new Upkeep(name, chore, reads, commits, dataKeys), place);
	}

	/**
	 * Does now what is due once a minute.
	 */
	void keepUp() throws SQLException, IOException {
		open().upkeep().run();
	}

	@Override
	public EcKeyPair identityKeyPair() {
		return open().identity().keyPair();
	}

	@Override
	public int registrationId() {
		return open().identity().registrationId();
	}

	@Override
	public @Nullable EcPublicKey identity(ProtocolAddress peer) {
		return first(Sql.READ_IDENTITY, (row) -> EcPublicKey.decode(row.getBytes(1)), peer.name(), peer.deviceId());
	}

	@Override
	public @Nullable StoredSession session(ProtocolAddress peer) {
		return first(Sql.READ_SESSION,
				(row) -> new StoredSession(row.getLong(1),
						open().seal().open(SealedColumn.SESSION, row.getBytes(2), peer.name(), peer.deviceId())),
				peer.name(), peer.deviceId());
	}

	@Override
	public byte @Nullable [] archivedSession(ProtocolAddress peer, EcPublicKey baseKey) {
		byte[] key = baseKey.encode();
		return first(Sql.READ_ARCHIVED_SESSION, (row) -> archived(row.getBytes(1), peer, key), peer.name(),
				peer.deviceId(), key);
	}

	@Override
	public byte @Nullable [] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey) {
		return first(Sql.READ_ARCHIVED_SESSION_THAT_KNOWS, (row) -> archived(row.getBytes(1), peer, row.getBytes(2)),
				peer.name(), peer.deviceId(), ratchetKey.encode());
	}

	@Override
	public List<byte[]> archivedSessions(ProtocolAddress peer) {
		return open().reads()
			.read((statements) -> statements.all(Sql.READ_ARCHIVED_SESSIONS,
					(row) -> archived(row.getBytes(1), peer, row.getBytes(2)), peer.name(), peer.deviceId()));
	}

	private byte[] archived(byte[] session, ProtocolAddress peer, byte[] baseKey) {
		return open().seal().open(SealedColumn.ARCHIVED_SESSION, session, peer.name(), peer.deviceId(), baseKey);
	}

	@Override
	public @Nullable OneTimePreKey oneTimePreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.oneTime(row, open().seal()), PreKeyRows.ONE_TIME,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable SignedPreKey signedPreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.signed(row, open().seal()).preKey(), PreKeyRows.SIGNED,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable KyberPreKey kyberPreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.kyber(row, open().seal()).preKey(), PreKeyRows.KYBER,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable Published<SignedPreKey> currentSignedPreKey() {
		return first(Sql.READ_CURRENT_SIGNED_PREKEY, (row) -> PreKeyRows.signed(row, open().seal()), PreKeyRows.SIGNED);
	}

	@Override
	public @Nullable Published<KyberPreKey> currentKyberPreKey() {
		return first(Sql.READ_CURRENT_KYBER_PREKEY, (row) -> PreKeyRows.kyber(row, open().seal()), PreKeyRows.KYBER);
	}

	@Override
	public int oneTimePreKeyCount() {
		Integer count = first(Sql.COUNT_PREKEYS, (row) -> row.getInt(1), PreKeyRows.ONE_TIME);
		return (count != null) ? count : 0;
	}

	@Override
	public @Nullable Instant timePassed() {
		return first(Sql.READ_TIME_PASSED, (row) -> Instant.ofEpochMilli(row.getLong(1)));
	}

	@Override
	public boolean isBundlePublished() {
		return exists(Sql.IS_PREKEY_PUBLISHED, PreKeyRows.SIGNED);
	}

	@Override
	public List<OneTimePreKey> unpublishedOneTimePreKeys() {
		return open().reads()
			.read((statements) -> statements.all(Sql.READ_UNPUBLISHED_PREKEYS,
					(row) -> PreKeyRows.oneTime(row, open().seal()), PreKeyRows.ONE_TIME));
	}

	@Override
	public boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return exists(Sql.IS_BASE_KEY_SEEN, Integer.toUnsignedLong(kyberPreKeyId),
				Integer.toUnsignedLong(signedPreKeyId), baseKey.encode());
	}

	@Override
	public @Nullable Receipt receipt(String messageId) {
		return open().reads().read((statements) -> {
			Receipt receipt = statements.first(Sql.READ_RECEIPT,
					(row) -> new Receipt(messageId, row.getBytes(1), Receipt.State.valueOf(row.getString(2)),
							openText(SealedColumn.PAYLOAD, row.getBytes(3), messageId),
							Instant.ofEpochMilli(row.getLong(4))),
					messageId);
			return (receipt != null) ? receipt : new Receipts(statements).read(messageId);
		});
	}

	@Override
	public @Nullable StoredMessage message(String messageId) {
		return first(Sql.READ_MESSAGE,
				(row) -> new StoredMessage(messageId, Receipt.State.valueOf(row.getString(1)),
						new ReplyContext(row.getString(2), row.getString(3), row.getString(4)),
						openText(SealedColumn.PAYLOAD, row.getBytes(5), messageId), row.getString(6),
						Instant.ofEpochMilli(row.getLong(7))),
				messageId);
	}

	@Override
	public int attempts(String messageId) {
		Integer attempts = first(Sql.READ_ATTEMPTS, (row) -> row.getInt(1), messageId);
		return (attempts != null) ? attempts : 0;
	}

	@Override
	public List<FailedMessage> deadLetters() {
		return open().reads()
			.read((statements) -> statements.all(Sql.READ_DEAD_LETTERS, (row) -> new FailedMessage(row.getString(1),
					new ReplyContext(row.getString(2), row.getString(3), row.getString(4)), row.getInt(7),
					row.getString(8), Instant.ofEpochMilli(row.getLong(5)), Instant.ofEpochMilli(row.getLong(6)))));
	}

	@Override
	public List<IssuedWidget> issuedWidgets(String conversationId, String widgetId, String recipient) {
		return open().reads().read((statements) -> statements.all(Sql.READ_WIDGETS, (row) -> {
			String addressee = row.getString(1);
			String askedBy = row.getString(2);
			Object[] key = { conversationId, widgetId, recipient, addressee, askedBy };
			long expiresAt = row.getLong(4);
			Instant expiry = row.wasNull() ? null : Instant.ofEpochMilli(expiresAt);
			return new IssuedWidget(conversationId, widgetId, recipient, addressee.isEmpty() ? null : addressee,
					askedBy.isEmpty() ? null : askedBy, Instant.ofEpochMilli(row.getLong(3)), expiry,
					IssuedWidget.Answering.valueOf(row.getString(5)),
					openText(SealedColumn.WIDGET_DATA, row.getBytes(6), key),
					openText(SealedColumn.BALLOT, row.getBytes(7), key), row.getString(8));
		}, conversationId, widgetId, recipient))
			.stream()
			.sorted(Comparator.comparing(IssuedWidget::issuedAt).reversed())
			.toList();
	}

	@Override
	public @Nullable ReplyContext replyContext(String messageId) {
		return open().reads().read((statements) -> {
			ReplyContext context = statements.first(Sql.READ_REPLY_CONTEXT,
					(row) -> new ReplyContext(row.getString(1), row.getString(2), row.getString(3)), messageId);
			return (context != null) ? context : new Receipts(statements).replyContext(messageId);
		});
	}

	@Override
	public @Nullable String lastDevice(String userId, String conversationId) {
		return first(Sql.READ_LAST_DEVICE, (row) -> row.getString(1), userId, conversationId);
	}

	@Override
	public boolean usesPlainName(String userId, String conversationId, String deviceId) {
		return exists(Sql.IS_PLAIN_NAME_USED, userId, deviceId, conversationId);
	}

	@Override
	public @Nullable KnownIdentity knownIdentity(String userId, @Nullable String deviceId, String conversationId) {
		return first(Sql.READ_KNOWN_IDENTITY, JdbcAgentStore::knownIdentity, userId, ChangeWriter.orEmpty(deviceId),
				conversationId);
	}

	@Override
	public List<KnownIdentity> identities(String userId) {
		return knownIdentities(Sql.READ_KNOWN_IDENTITIES, userId);
	}

	@Override
	public List<KnownConversation> conversations(@Nullable KnownConversation after, int limit) {
		boolean amongGroups = after != null && after.isGroup();
		String recipient = (after != null) ? after.recipient() : "";
		String conversationId = (after != null) ? after.conversationId() : "";
		return open().reads().read((statements) -> {
			List<KnownConversation> page = new ArrayList<>();
			if (!amongGroups) {
				page.addAll(statements.all(Sql.READ_PEOPLES_CONVERSATIONS,
						(row) -> new KnownConversation(row.getString(1), row.getString(2)), recipient, conversationId,
						limit));
			}
			if (page.size() < limit) {
				page.addAll(statements.all(Sql.READ_GROUPS, (row) -> KnownConversation.ofGroup(row.getString(1)),
						amongGroups ? conversationId : "", limit - page.size()));
			}
			return page;
		});
	}

	@Override
	public @Nullable Instant trustedSince(String userId, EcPublicKey identity) {
		return first(Sql.READ_TRUSTED_SINCE, (row) -> Instant.ofEpochMilli(row.getLong(1)), userId, identity.encode());
	}

	@Override
	public List<KnownIdentity> waitingIdentities() {
		return knownIdentities(Sql.READ_WAITING_IDENTITIES);
	}

	private List<KnownIdentity> knownIdentities(Sql sql, Object... parameters) {
		return open().reads()
			.read((statements) -> statements.all(sql, JdbcAgentStore::knownIdentity, parameters))
			.stream()
			.sorted(Comparator.comparing(KnownIdentity::firstSeen))
			.toList();
	}

	@Override
	public int waitingMessages(String userId, @Nullable String deviceId) {
		Integer count = first(Sql.COUNT_WAITING_MESSAGES, (row) -> row.getInt(1), userId,
				ChangeWriter.orEmpty(deviceId));
		return (count != null) ? count : 0;
	}

	private static KnownIdentity knownIdentity(ResultSet row) throws SQLException {
		String deviceId = row.getString(2);
		return new KnownIdentity(row.getString(1), deviceId.isEmpty() ? null : deviceId, row.getString(3),
				EcPublicKey.decode(row.getBytes(4)), Instant.ofEpochMilli(row.getLong(5)),
				KnownIdentity.State.valueOf(row.getString(6)));
	}

	@Override
	public List<KnownHistoryKey> historyKeys(String conversationId, String recipient) {
		return open().reads()
			.read((statements) -> statements.all(Sql.READ_HISTORY_KEYS,
					(row) -> KeyRows.history(row, open().seal(), conversationId, recipient), conversationId, recipient))
			.stream()
			.sorted(Comparator.comparing(KnownHistoryKey::deliveredAt))
			.toList();
	}

	@Override
	public @Nullable GroupKey groupKey(String conversationId, String keyId, long epoch) {
		return first(Sql.READ_GROUP_KEY, (row) -> KeyRows.group(row, open().seal(), conversationId), conversationId,
				keyId, epoch);
	}

	@Override
	public List<KnownGroupKey> groupKeys(String conversationId) {
		return open().reads()
			.read((statements) -> statements.all(
					Sql.READ_KNOWN_GROUP_KEYS, (row) -> new KnownGroupKey(row.getString(1), row.getLong(2),
							row.getString(3), Instant.ofEpochMilli(row.getLong(4)), row.getBoolean(5)),
					conversationId));
	}

	@Override
	public boolean isGroupNonceUsed(GroupKey key, byte[] nonce) {
		return exists(Sql.IS_GROUP_NONCE_USED, key.conversationId(), key.keyId(), key.epoch(), nonce);
	}

	@Override
	public Map<String, String> votes(String conversationId, String widgetId) {
		return open().reads()
			.read((statements) -> statements
				.all(Sql.READ_VOTES,
						(row) -> Map.entry(row.getString(1), open().seal()
							.openText(SealedColumn.VOTE, row.getBytes(2), conversationId, widgetId, row.getString(1))),
						conversationId, widgetId)
				.stream()
				.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
	}

	@Override
	public List<OutboundFrame> undelivered(long afterSequence, int limit) {
		return open().reads()
			.read((statements) -> statements.all(Sql.READ_FRAMES,
					(row) -> new OutboundFrame(row.getLong(1),
							open().seal().openText(SealedColumn.FRAME, row.getBytes(2), row.getLong(1))),
					afterSequence, limit));
	}

	@Override
	public int undeliveredCount() {
		Integer count = first(Sql.COUNT_FRAMES, (row) -> row.getInt(1), 0);
		return (count != null) ? count : 0;
	}

	@Override
	public long lastSequence() {
		Long sequence = first(Sql.READ_LAST_SEQUENCE, (row) -> row.getLong(1));
		return (sequence != null) ? sequence : 0;
	}

	@Override
	public int reservePreKeyIds(int count) {
		if (count < 1) {
			throw new IllegalArgumentException("At least 1 prekey id must be taken, not " + count);
		}
		return await((statements) -> OwnIdentity.reservePreKeyIds(statements, count), true);
	}

	@Override
	public CompletableFuture<@Nullable Void> commitAsync(List<? extends Change> changes) {
		return open().commits().submit(transaction(changes), isUrgent(changes));
	}

	@Override
	public void commitAndWait(List<? extends Change> changes) {
		await(transaction(changes), isUrgent(changes));
	}

	CommitQueue.Transaction<@Nullable Void> transaction(List<? extends Change> changes) {
		List<Change> copy = List.copyOf(changes);
		return (statements) -> {
			new ChangeWriter(statements, open().seal(), this.rejections).write(copy);
			return null;
		};
	}

	/**
	 * How many transactions of the database there were so far, each for one change or
	 * many.
	 */
	long commits() {
		return open().commits().commits();
	}

	private static boolean isUrgent(List<? extends Change> changes) {
		return changes.isEmpty() || !changes.stream().allMatch(Change.FramesDelivered.class::isInstance);
	}

	/**
	 * Opens the store again after {@link #close()}, as when an application is stopped and
	 * started. While it is open, it does nothing.
	 * @throws StoreInUseException if it is in use by somebody else
	 * @throws StoreException if it cannot be opened, or is another agent's now
	 */
	public synchronized void reopen() {
		if (!this.closed.get()) {
			return;
		}
		Open before = this.open;
		Open opened = this.opener.open(before == null);
		if (before != null
				&& !opened.identity().keyPair().publicKey().equals(before.identity().keyPair().publicKey())) {
			opened.close();
			throw new StoreException("The store in " + opened.place() + " was replaced, and has another identity:"
					+ " start the application anew", null);
		}
		this.open = opened;
		this.closed.set(false);
	}

	@Override
	public synchronized void close() {
		if (this.closed.compareAndSet(false, true)) {
			open().close();
		}
	}

	/** What was opened last, which refuses everything once it is closed. */
	private Open open() {
		Open present = this.open;
		if (present == null) {
			throw new StoreException("The store is not open", null);
		}
		return present;
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + "[" + open().place() + "]";
	}

	/** What is released when it is closed, {@code null} while it is. */
	@Nullable Place place() {
		Open present = this.open;
		return (present != null && !this.closed.get()) ? present.place() : null;
	}

	private @Nullable String openText(SealedColumn column, byte @Nullable [] stored, Object... key) {
		return (stored != null) ? open().seal().openText(column, stored, key) : null;
	}

	private boolean exists(Sql sql, @Nullable Object... parameters) {
		return first(sql, (row) -> true, parameters) != null;
	}

	private <T> @Nullable T first(Sql sql, Statements.Row<? extends @Nullable T> row, @Nullable Object... parameters) {
		return open().reads().read((statements) -> statements.first(sql, row, parameters));
	}

	<T extends @Nullable Object> T await(CommitQueue.Transaction<T> transaction, boolean urgent) {
		try {
			return open().commits().await(transaction, urgent);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Opens the same store.
	 */
	@FunctionalInterface
	interface Opener {

		/**
		 * Opens it.
		 * @param first whether it is for the first time
		 * @return what was opened
		 */
		Open open(boolean first);

	}

	/**
	 * What one store at a time has: a directory, or a lock.
	 */
	interface Place extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * The parts of an open store.
	 *
	 * @param identity the agent's identity
	 * @param seal seals secrets
	 * @param reads reads
	 * @param commits writes
	 * @param upkeep what is done once a minute
	 * @param place what is released at the end
	 */
	record Open(OwnIdentity identity, Seal seal, Reads reads, CommitQueue commits, Upkeep upkeep, Place place) {

		void close() {
			// The connection that is closed last moves SQLite's log into the file.
			Place released = this.place;
			CommitQueue closed = this.commits;
			try (released; closed) {
				this.upkeep.close();
				this.reads.close();
			}
		}

	}

}
