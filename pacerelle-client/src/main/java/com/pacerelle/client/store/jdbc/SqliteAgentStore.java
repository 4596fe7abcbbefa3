package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
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
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
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
import com.pacerelle.signal.CryptoProvider;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoredSession;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store: one SQLite database for each agent, in
 * {@code <root>/<agent id>/agent.db}. Only its owner can read it, where the file system
 * knows owners. What is committed is flushed to the disk, for all that wait at once.
 * <p>
 * The class is as long as its contract: it has a short method for each query, and leaves
 * the rest to the other classes of this package.
 */
public final class SqliteAgentStore implements AgentStore {

	/** A delivered frame that is not recorded in time is only sent again. */
	private static final Duration DEFERRAL = Duration.ofMillis(100);

	private final OwnIdentity own;

	private final Opener opener;

	private volatile Seal seal;

	private volatile StoreDirectory directory;

	private volatile ReadPool reads;

	private volatile CommitQueue commits;

	private volatile Upkeep upkeep;

	private final AtomicInteger rejections = new AtomicInteger();

	private final AtomicBoolean closed = new AtomicBoolean();

	private SqliteAgentStore(Opener opener, StoreDirectory directory, OwnIdentity own, Seal seal, ReadPool reads,
			CommitQueue commits, Upkeep upkeep) {
		this.opener = opener;
		this.directory = directory;
		this.own = own;
		this.seal = seal;
		this.reads = reads;
		this.commits = commits;
		this.upkeep = upkeep;
	}

	/**
	 * Opens the store of an agent, and creates it when it does not exist.
	 * @param root the directory under which each agent has its own
	 * @param agentId the agent: 1 to 128 letters, digits, {@code -}, {@code _}, {@code @}
	 * and {@code .}, which does not come first
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId) {
		return open(root, agentId, null);
	}

	/**
	 * Opens the store of an agent whose secrets are encrypted, and creates it when it
	 * does not exist. One that was not encrypted becomes so, which takes longer once.
	 * @param root the directory under which each agent has its own
	 * @param agentId as above
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys) {
		return open(root, agentId, keys, CryptoProvider.secureRandom());
	}

	/**
	 * Opens the store of an agent, and creates it with the state that the agent has
	 * elsewhere when it does not exist. One that exists stays as it is.
	 * @param root the directory under which each agent has its own
	 * @param agentId as above
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @param initialState asked only if the store is new; if it fails, the store stays
	 * new
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys,
			Supplier<InitialState> initialState) {
		return open(root, agentId, keys, initialState, CryptoProvider.secureRandom());
	}

	static SqliteAgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys, SecureRandom random) {
		return open(root, agentId, keys, null, random);
	}

	private static SqliteAgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		StoreDirectory directory = StoreDirectory.take(root, agentId);
		try {
			return open(() -> open(root, agentId, keys, random), directory, agentId, keys, initialState, random);
		}
		catch (SQLException | IOException ex) {
			directory.close();
			throw new StoreException("The store in " + directory + " cannot be opened: if its file is damaged, put a"
					+ " backup back, or move the directory away; the agent then gets a new identity, which people"
					+ " have to verify again", ex);
		}
		catch (RuntimeException | Error ex) {
			directory.close();
			throw ex;
		}
	}

	private static SqliteAgentStore open(Opener opener, StoreDirectory directory, String agentId,
			@Nullable EncryptionKeys keys, @Nullable Supplier<InitialState> initialState, SecureRandom random)
			throws SQLException, IOException {
		Database database = new Database(directory.database());
		database.verifyPages();
		DataKeys dataKeys = DataKeys.open(database.dataKeys(), keys, directory, random);
		Seal seal = (dataKeys != null) ? dataKeys : Seal.NONE;
		Connection connection = database.openWriter();
		try {
			Statements statements = new Statements(connection);
			statements.update(Sql.BEGIN);
			Schema.migrate(connection, directory);
			if (dataKeys != null) {
				begin(dataKeys, statements);
			}
			if (initialState != null && !OwnIdentity.isStored(statements)) {
				create(initialState.get(), statements, seal);
			}
			OwnIdentity own = OwnIdentity.load(statements, seal, random);
			statements.update(Sql.COMMIT);
			if (statements.first(Sql.IS_VACUUM_DUE, (row) -> true) != null) {
				database.vacuum();
				statements.update(Sql.SET_VACUUM_DUE, 0);
			}
			String name = "pacerelle-store-" + agentId;
			ReadPool reads = new ReadPool(database);
			CommitQueue commits = new CommitQueue(connection, DEFERRAL, name);
			return new SqliteAgentStore(opener, directory, own, seal, reads, commits,
					new Upkeep(directory, database, reads, commits, dataKeys, name));
		}
		catch (SQLException | RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

	private static void create(InitialState state, Statements statements, Seal seal) throws SQLException {
		new OwnIdentity(state.identityKeyPair(), state.registrationId()).store(statements, seal, state.nextPreKeyId());
		new ChangeWriter(statements, seal, new AtomicInteger()).write(state.changes());
	}

	/** Until the vacuum, what was not sealed can be in pages that are not used now. */
	private static void begin(DataKeys dataKeys, Statements statements) throws SQLException {
		boolean plain = dataKeys.isEmpty();
		DataKeys.Made made = dataKeys.make();
		made.store(statements);
		dataKeys.use(made);
		if (plain && SealedRows.sealAll(statements, dataKeys)) {
			statements.update(Sql.SET_VACUUM_DUE, 1);
		}
	}

	/**
	 * Does now what is due once a minute.
	 */
	void keepUp() throws SQLException, IOException {
		this.upkeep.run();
	}

	@Override
	public EcKeyPair identityKeyPair() {
		return this.own.keyPair();
	}

	@Override
	public int registrationId() {
		return this.own.registrationId();
	}

	@Override
	public @Nullable EcPublicKey identity(ProtocolAddress peer) {
		return first(Sql.READ_IDENTITY, (row) -> EcPublicKey.decode(row.getBytes(1)), peer.name(), peer.deviceId());
	}

	@Override
	public @Nullable StoredSession session(ProtocolAddress peer) {
		return first(Sql.READ_SESSION,
				(row) -> new StoredSession(row.getLong(1),
						this.seal.open(SealedColumn.SESSION, row.getBytes(2), peer.name(), peer.deviceId())),
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
		return this.reads.read((statements) -> statements.all(Sql.READ_ARCHIVED_SESSIONS,
				(row) -> archived(row.getBytes(1), peer, row.getBytes(2)), peer.name(), peer.deviceId()));
	}

	private byte[] archived(byte[] session, ProtocolAddress peer, byte[] baseKey) {
		return this.seal.open(SealedColumn.ARCHIVED_SESSION, session, peer.name(), peer.deviceId(), baseKey);
	}

	@Override
	public @Nullable OneTimePreKey oneTimePreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.oneTime(row, this.seal), PreKeyRows.ONE_TIME,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable SignedPreKey signedPreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.signed(row, this.seal).preKey(), PreKeyRows.SIGNED,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable KyberPreKey kyberPreKey(int id) {
		return first(Sql.READ_PREKEY, (row) -> PreKeyRows.kyber(row, this.seal).preKey(), PreKeyRows.KYBER,
				Integer.toUnsignedLong(id));
	}

	@Override
	public @Nullable Published<SignedPreKey> currentSignedPreKey() {
		return first(Sql.READ_CURRENT_SIGNED_PREKEY, (row) -> PreKeyRows.signed(row, this.seal), PreKeyRows.SIGNED);
	}

	@Override
	public @Nullable Published<KyberPreKey> currentKyberPreKey() {
		return first(Sql.READ_CURRENT_KYBER_PREKEY, (row) -> PreKeyRows.kyber(row, this.seal), PreKeyRows.KYBER);
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
		return this.reads.read((statements) -> statements.all(Sql.READ_UNPUBLISHED_PREKEYS,
				(row) -> PreKeyRows.oneTime(row, this.seal), PreKeyRows.ONE_TIME));
	}

	@Override
	public boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) {
		return exists(Sql.IS_BASE_KEY_SEEN, Integer.toUnsignedLong(kyberPreKeyId),
				Integer.toUnsignedLong(signedPreKeyId), baseKey.encode());
	}

	@Override
	public @Nullable Receipt receipt(String messageId) {
		return this.reads.read((statements) -> {
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
		return this.reads.read((statements) -> statements.all(Sql.READ_DEAD_LETTERS,
				(row) -> new FailedMessage(row.getString(1),
						new ReplyContext(row.getString(2), row.getString(3), row.getString(4)), row.getInt(7),
						row.getString(8), Instant.ofEpochMilli(row.getLong(5)), Instant.ofEpochMilli(row.getLong(6)))));
	}

	@Override
	public List<IssuedWidget> issuedWidgets(String conversationId, String widgetId, String recipient) {
		return this.reads.read((statements) -> statements.all(Sql.READ_WIDGETS, (row) -> {
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
		return this.reads.read((statements) -> {
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
		return first(Sql.READ_KNOWN_IDENTITY, SqliteAgentStore::knownIdentity, userId, ChangeWriter.orEmpty(deviceId),
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
		return this.reads.read((statements) -> {
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
		return this.reads.read((statements) -> statements.all(sql, SqliteAgentStore::knownIdentity, parameters))
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
		return this.reads
			.read((statements) -> statements.all(Sql.READ_HISTORY_KEYS,
					(row) -> KeyRows.history(row, this.seal, conversationId, recipient), conversationId, recipient))
			.stream()
			.sorted(Comparator.comparing(KnownHistoryKey::deliveredAt))
			.toList();
	}

	@Override
	public @Nullable GroupKey groupKey(String conversationId, String keyId, long epoch) {
		return first(Sql.READ_GROUP_KEY, (row) -> KeyRows.group(row, this.seal, conversationId), conversationId, keyId,
				epoch);
	}

	@Override
	public List<KnownGroupKey> groupKeys(String conversationId) {
		return this.reads
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
		return this.reads.read((statements) -> statements
			.all(Sql.READ_VOTES,
					(row) -> Map.entry(row.getString(1),
							this.seal.openText(SealedColumn.VOTE, row.getBytes(2), conversationId, widgetId,
									row.getString(1))),
					conversationId, widgetId)
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
	}

	@Override
	public List<OutboundFrame> undelivered(long afterSequence, int limit) {
		return this.reads.read((statements) -> statements.all(Sql.READ_FRAMES,
				(row) -> new OutboundFrame(row.getLong(1),
						this.seal.openText(SealedColumn.FRAME, row.getBytes(2), row.getLong(1))),
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
		return this.commits.submit(transaction(changes), isUrgent(changes));
	}

	@Override
	public void commitAndWait(List<? extends Change> changes) {
		await(transaction(changes), isUrgent(changes));
	}

	private CommitQueue.Transaction<@Nullable Void> transaction(List<? extends Change> changes) {
		List<Change> copy = List.copyOf(changes);
		return (statements) -> {
			new ChangeWriter(statements, this.seal, this.rejections).write(copy);
			return null;
		};
	}

	private static boolean isUrgent(List<? extends Change> changes) {
		return !changes.stream().allMatch(Change.FramesDelivered.class::isInstance);
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
		SqliteAgentStore opened = this.opener.open();
		if (!opened.own.keyPair().publicKey().equals(this.own.keyPair().publicKey())) {
			opened.close();
			throw new StoreException("The store in " + this.directory + " was replaced, and has another identity:"
					+ " start the application anew", null);
		}
		this.directory = opened.directory;
		this.reads = opened.reads;
		this.commits = opened.commits;
		this.seal = opened.seal;
		this.upkeep = opened.upkeep;
		this.closed.set(false);
	}

	@Override
	public synchronized void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		// The connection that is closed last moves the log into the database file.
		StoreDirectory directory = this.directory;
		CommitQueue commits = this.commits;
		try (directory; commits) {
			this.upkeep.close();
			this.reads.close();
		}
	}

	@Override
	public String toString() {
		return "SqliteAgentStore[" + this.directory + "]";
	}

	private @Nullable String openText(SealedColumn column, byte @Nullable [] stored, Object... key) {
		return (stored != null) ? this.seal.openText(column, stored, key) : null;
	}

	private boolean exists(Sql sql, @Nullable Object... parameters) {
		return first(sql, (row) -> true, parameters) != null;
	}

	private <T> @Nullable T first(Sql sql, Statements.Row<? extends @Nullable T> row, @Nullable Object... parameters) {
		return this.reads.read((statements) -> statements.first(sql, row, parameters));
	}

	private <T extends @Nullable Object> T await(CommitQueue.Transaction<T> transaction, boolean urgent) {
		try {
			return this.commits.await(transaction, urgent);
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
	private interface Opener {

		SqliteAgentStore open();

	}

}
