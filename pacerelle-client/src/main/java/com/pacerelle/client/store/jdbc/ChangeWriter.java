package com.pacerelle.client.store.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes, one after the other, and refuses those that contradict what is stored.
 * It is as long as there are kinds of changes, with a short method for each.
 */
final class ChangeWriter {

	/** A forger decides how many there are. The oldest go. */
	static final int MAX_REJECTED = 10_000;

	/** Finding the oldest one costs a walk over all others. */
	static final int REJECTIONS_PER_DELETION = 1000;

	/** How many rows of a kind one commit deletes. */
	private static final int MAX_EXPIRED = 1000;

	private final Statements statements;

	private final Receipts receipts;

	private final Seal seal;

	private final AtomicInteger rejections;

	/**
	 * Creates a writer.
	 * @param statements writes
	 * @param seal seals secrets; called in the transaction that stores them
	 * @param rejections how many messages were rejected since the store was opened
	 */
	ChangeWriter(Statements statements, Seal seal, AtomicInteger rejections) {
		this.statements = statements;
		this.receipts = new Receipts(statements);
		this.seal = seal;
		this.rejections = rejections;
	}

	/**
	 * Writes changes in their order.
	 * @param changes the changes
	 * @throws StoreConflictException if one contradicts what is stored; the caller rolls
	 * back
	 * @throws SQLException if the database cannot be written
	 */
	void write(List<? extends Change> changes) throws SQLException {
		Change.MessageAccepted atOnce = acceptedAtOnce(changes);
		for (Change change : changes) {
			if (atOnce != null && change instanceof Change.MessagePending pending) {
				write(pending, atOnce);
			}
			else if (change != atOnce) {
				write(change);
			}
		}
	}

	/** The acceptance of the one message that comes and goes with these changes. */
	private static Change.@Nullable MessageAccepted acceptedAtOnce(List<? extends Change> changes) {
		List<String> pending = changes.stream()
			.filter(Change.MessagePending.class::isInstance)
			.map((change) -> ((Change.MessagePending) change).messageId())
			.toList();
		return (pending.size() != 1) ? null
				: changes.stream()
					.filter(Change.MessageAccepted.class::isInstance)
					.map(Change.MessageAccepted.class::cast)
					.filter((accepted) -> accepted.messageId().equals(pending.get(0)))
					.findFirst()
					.orElse(null);
	}

	/** Nothing but the receipt is written of a message that comes and goes at once. */
	private void write(Change.MessagePending pending, Change.MessageAccepted accepted) throws SQLException {
		String messageId = pending.messageId();
		this.statements.update(Sql.DELETE_REPLACED_MESSAGE, messageId);
		boolean known = this.receipts.read(messageId) != null
				|| this.statements.first(Sql.IS_MESSAGE_STORED, (row) -> true, messageId) != null;
		require(known ? 0 : 1, "The message " + messageId + " was decrypted before");
		this.receipts.add(messageId, pending.digest(), pending.replyContext(), accepted.acceptedAt());
	}

	private void write(Change change) throws SQLException {
		if (change instanceof Change.Session session) {
			write(session.change());
		}
		else if (change instanceof Change.MessagePending pending) {
			write(pending);
		}
		else if (change instanceof Change.MessageWaiting waiting) {
			create(waiting.messageId(), waiting.digest(), waiting.receivedAt(), waiting.replyContext(),
					waiting.payload(), null, Receipt.State.WAITING);
		}
		else if (change instanceof Change.MessageAccepted accepted) {
			write(accepted);
		}
		else if (change instanceof Change.MessageFailed failed) {
			this.statements.update(Sql.SET_FAILURE, failed.messageId(), failed.attempts(), failed.failure());
		}
		else if (change instanceof Change.MessageDead dead) {
			write(dead);
		}
		else if (change instanceof Change.DeadLettersExpired expired) {
			write(expired);
		}
		else if (change instanceof Change.WidgetIssued issued) {
			write(issued.widget());
		}
		else if (change instanceof Change.WidgetAnswered answered) {
			IssuedWidget widget = answered.widget();
			require(this.statements.update(Sql.ANSWER_WIDGET, widget.conversationId(), widget.widgetId(),
					widget.recipient(), orEmpty(widget.addressee()), orEmpty(widget.askedBy()),
					millis(widget.issuedAt()), answered.messageId()), "The widget was answered, or sent anew");
		}
		else if (change instanceof Change.WidgetExpiryChanged changed) {
			this.statements.update(Sql.SET_EXPIRY_OF_WIDGET, changed.conversationId(), changed.widgetId(),
					changed.recipient(), millis(changed.expiresAt()));
		}
		else if (change instanceof Change.MessageRejected rejected) {
			require(this.receipts.read(rejected.messageId()) != null ? 0
					: this.statements.update(Sql.REJECT_MESSAGE, rejected.messageId(), rejected.digest(),
							millis(rejected.rejectedAt())),
					"The message " + rejected.messageId() + " was decrypted, it cannot be rejected");
			if (this.rejections.getAndIncrement() % REJECTIONS_PER_DELETION == 0) {
				this.statements.update(Sql.DELETE_OLDEST_REJECTED_MESSAGES, MAX_REJECTED - 1);
			}
		}
		else if (change instanceof Change.IdentityKnown known) {
			write(known.identity());
		}
		else if (change instanceof Change.IdentityDecided decided) {
			write(decided);
		}
		else if (change instanceof Change.IdentityForgotten forgotten) {
			write(forgotten);
		}
		else if (change instanceof Change.DeviceUsed used) {
			this.statements.update(Sql.SET_LAST_DEVICE, used.userId(), used.conversationId(), used.deviceId());
		}
		else if (change instanceof Change.PeerNameSeen seen) {
			this.statements.update(Sql.SET_PLAIN_NAME, seen.userId(), seen.deviceId(), seen.conversationId(),
					seen.plain() ? 1 : 0);
		}
		else if (change instanceof Change.HistoryKeyDelivered delivered) {
			KnownHistoryKey key = delivered.key();
			require(KeyRows.create(this.statements, this.seal, key),
					"The device has delivered another history key in the conversation " + key.conversationId());
		}
		else if (change instanceof Change.GroupKeyReceived received) {
			write(received);
		}
		else if (change instanceof Change.GroupNonceUsed used) {
			write(used);
		}
		else if (change instanceof Change.FrameQueued queued) {
			write(queued.frame());
		}
		else if (change instanceof Change.FramesDelivered delivered) {
			for (long sequence : delivered.sequences()) {
				deleteFrame(sequence);
			}
		}
		else if (change instanceof Change.PreKeysCreated created) {
			write(created);
		}
		else if (change instanceof Change.PreKeysImported imported) {
			write(imported);
		}
		else if (change instanceof Change.BundlePublished published) {
			setPublished(PreKeyRows.SIGNED, published.signedPreKeyId());
		}
		else if (change instanceof Change.OneTimePreKeysPublished published) {
			for (int id : published.ids()) {
				setPublished(PreKeyRows.ONE_TIME, id);
			}
		}
		else if (change instanceof Change.VoteCast vote) {
			write(vote);
		}
		else if (change instanceof Change.Expired expired) {
			delete(expired);
		}
		else if (change instanceof Change.TimePassed passed) {
			this.statements.update(Sql.SET_TIME_PASSED, millis(passed.time()));
		}
	}

	void write(StoreChange change) throws SQLException {
		if (change instanceof StoreChange.SessionUpdated session) {
			write(session);
		}
		else if (change instanceof StoreChange.SessionArchived archived) {
			write(archived);
		}
		else if (change instanceof StoreChange.SessionRestored restored) {
			deleteArchived(restored.peer(), restored.baseKey());
		}
		else if (change instanceof StoreChange.IdentitySeen seen) {
			ProtocolAddress peer = seen.peer();
			require(this.statements.update(Sql.CREATE_IDENTITY, peer.name(), peer.deviceId(), seen.identity().encode()),
					"The peer " + peer + " is known by another identity");
		}
		else if (change instanceof StoreChange.OneTimePreKeyUsed used) {
			require(this.statements.update(Sql.DELETE_PREKEY, PreKeyRows.ONE_TIME, Integer.toUnsignedLong(used.id())),
					"There is no one-time prekey " + Integer.toUnsignedString(used.id()) + " any more");
		}
		else if (change instanceof StoreChange.BaseKeySeen seen) {
			require(this.statements.update(Sql.CREATE_BASE_KEY, Integer.toUnsignedLong(seen.kyberPreKeyId()),
					Integer.toUnsignedLong(seen.signedPreKeyId()), seen.baseKey().encode()),
					"A session was created with this base key before");
		}
	}

	private void write(StoreChange.SessionUpdated change) throws SQLException {
		ProtocolAddress peer = change.peer();
		byte[] session = this.seal.seal(SealedColumn.SESSION, change.session(), peer.name(), peer.deviceId());
		int rows = (change.predecessor() == 0)
				? this.statements.update(Sql.CREATE_SESSION, peer.name(), peer.deviceId(), session) : this.statements
					.update(Sql.REPLACE_SESSION, peer.name(), peer.deviceId(), change.predecessor(), session);
		require(rows, "The session with " + peer + " has moved on since it was read");
	}

	private void write(StoreChange.SessionArchived change) throws SQLException {
		ProtocolAddress peer = change.peer();
		deleteArchived(peer, change.baseKey());
		byte[] baseKey = change.baseKey().encode();
		Long id = this.statements.first(Sql.ARCHIVE_SESSION, (row) -> row.getLong(1), peer.name(), peer.deviceId(),
				baseKey,
				this.seal.seal(SealedColumn.ARCHIVED_SESSION, change.session(), peer.name(), peer.deviceId(), baseKey));
		for (EcPublicKey ratchetKey : change.ratchetKeys()) {
			this.statements.update(Sql.ARCHIVE_RATCHET_KEY, peer.name(), peer.deviceId(), ratchetKey.encode(), id);
		}
		for (Long old : this.statements.all(Sql.FIND_OLD_ARCHIVED_SESSIONS, (row) -> row.getLong(1), peer.name(),
				peer.deviceId(), SignalStore.MAX_ARCHIVED_SESSIONS)) {
			deleteArchived(old);
		}
	}

	private void deleteArchived(ProtocolAddress peer, EcPublicKey baseKey) throws SQLException {
		Long id = this.statements.first(Sql.FIND_ARCHIVED_SESSION, (row) -> row.getLong(1), peer.name(),
				peer.deviceId(), baseKey.encode());
		if (id != null) {
			deleteArchived(id);
		}
	}

	private void deleteArchived(long id) throws SQLException {
		this.statements.update(Sql.DELETE_ARCHIVED_RATCHET_KEYS, id);
		this.statements.update(Sql.DELETE_ARCHIVED_SESSION, id);
	}

	private void write(Change.MessagePending pending) throws SQLException {
		create(pending.messageId(), pending.digest(), pending.receivedAt(), pending.replyContext(), pending.payload(),
				pending.envelope(), Receipt.State.PENDING);
	}

	private void create(String messageId, byte[] digest, Instant receivedAt, ReplyContext context, String payload,
			@Nullable String envelope, Receipt.State state) throws SQLException {
		require((this.receipts.read(messageId) != null) ? 0
				: this.statements.update(Sql.CREATE_MESSAGE, messageId, digest, millis(receivedAt), context.userId(),
						context.conversationId(), context.deviceId(),
						this.seal.sealText(SealedColumn.PAYLOAD, payload, messageId), state.name(), envelope),
				"The message " + messageId + " was decrypted before");
	}

	private void write(Change.MessageAccepted accepted) throws SQLException {
		String messageId = accepted.messageId();
		PendingMessage pending = this.statements.first(Sql.READ_PENDING_MESSAGE,
				(row) -> new PendingMessage(row.getBytes(1),
						new ReplyContext(row.getString(2), row.getString(3), row.getString(4))),
				messageId);
		if (pending == null) {
			throw new StoreConflictException("The message " + messageId + " is not pending");
		}
		this.statements.update(Sql.DELETE_MESSAGE, messageId);
		this.statements.update(Sql.DELETE_FAILURE, messageId);
		this.receipts.add(messageId, pending.digest(), pending.context(), accepted.acceptedAt());
	}

	private void write(Change.MessageDead dead) throws SQLException {
		long failedAt = millis(dead.failedAt());
		require(this.statements.update(Sql.BURY_MESSAGE, dead.messageId(), failedAt),
				"The message " + dead.messageId() + " is not pending");
		this.statements.update(Sql.SET_FAILURE, dead.messageId(), dead.attempts(), dead.failure());
		this.statements.update(Sql.DELETE_WIDGETS_OF_MESSAGE, dead.messageId());
	}

	private void write(Change.DeadLettersExpired expired) throws SQLException {
		List<String> ids = new ArrayList<>(this.statements.all(Sql.FIND_OLD_DEAD_LETTERS, (row) -> row.getString(1),
				millis(expired.failedBefore()), MAX_EXPIRED));
		if (ids.isEmpty()) {
			ids.addAll(this.statements.all(Sql.FIND_SURPLUS_DEAD_LETTERS, (row) -> row.getString(1), expired.most()));
		}
		for (String id : ids) {
			write(new Change.MessageAccepted(id, expired.now()));
		}
	}

	private void write(KnownIdentity known) throws SQLException {
		this.statements.update(Sql.SET_KNOWN_IDENTITY, known.userId(), orEmpty(known.deviceId()),
				known.conversationId(), known.identity().encode(), millis(known.firstSeen()), known.state().name());
	}

	private void write(Change.IdentityDecided decided) throws SQLException {
		byte[] identity = decided.identity().encode();
		require(this.statements.update(Sql.DECIDE_IDENTITY, decided.userId(), identity, decided.state().name()),
				"No device of " + decided.userId() + " has this identity, or somebody has decided about it");
		if (decided.state() == KnownIdentity.State.REFUSED) {
			this.statements.update(Sql.REJECT_WAITING_MESSAGES, decided.userId(), identity,
					millis(decided.decidedAt()));
		}
	}

	private void write(Change.IdentityForgotten forgotten) throws SQLException {
		KnownIdentity known = forgotten.identity();
		Object[] row = { known.userId(), orEmpty(known.deviceId()), known.conversationId(), known.identity().encode() };
		this.statements.update(Sql.REJECT_MESSAGES_OF_DEVICE, row[0], row[1], row[2], row[3],
				millis(forgotten.forgottenAt()));
		require(this.statements.update(Sql.DELETE_KNOWN_IDENTITY, row), "The device has another identity by now");
		this.statements.update(Sql.DELETE_HISTORY_KEY, row);
		this.statements.update(Sql.DELETE_LAST_DEVICE, row[0], row[1], row[2]);
		this.statements.update(Sql.DELETE_PLAIN_NAME, row[0], row[1], row[2]);
		for (ProtocolAddress peer : forgotten.peers()) {
			if (this.statements.update(Sql.DELETE_IDENTITY, peer.name(), peer.deviceId(), row[3]) > 0) {
				this.statements.update(Sql.DELETE_SESSION, peer.name(), peer.deviceId());
				for (Long archived : this.statements.all(Sql.FIND_OLD_ARCHIVED_SESSIONS, (id) -> id.getLong(1),
						peer.name(), peer.deviceId(), 0)) {
					deleteArchived(archived);
				}
			}
		}
	}

	private void write(Change.GroupKeyReceived received) throws SQLException {
		GroupKey key = received.key();
		require(KeyRows.create(this.statements, this.seal, received),
				"There is another key " + key.keyId() + " of the group " + key.conversationId());
		for (Long low : this.statements.all(Sql.FIND_LOW_GROUP_KEYS, (row) -> row.getLong(1), key.conversationId(),
				received.givenBy(), AgentStore.MAX_GROUP_KEYS)) {
			this.statements.update(Sql.DELETE_GROUP_NONCES, low);
			this.statements.update(Sql.DELETE_GROUP_KEY, low);
		}
	}

	private void write(Change.GroupNonceUsed used) throws SQLException {
		require(this.statements.update(Sql.CREATE_GROUP_NONCE, used.conversationId(), used.keyId(), used.epoch(),
				used.nonce()),
				"A message to the group " + used.conversationId() + " is a copy of another one, or its key is gone");
		if (used.writtenBy() != null) {
			this.statements.update(Sql.SET_GROUP_KEY_SHARED, used.conversationId(), used.keyId(), used.epoch(),
					used.writtenBy());
		}
	}

	private void write(IssuedWidget widget) throws SQLException {
		Instant expiresAt = widget.expiresAt();
		Object[] key = { widget.conversationId(), widget.widgetId(), widget.recipient(), orEmpty(widget.addressee()),
				orEmpty(widget.askedBy()) };
		this.statements.update(Sql.DELETE_REPLACED_WIDGETS, widget.conversationId(), widget.widgetId(),
				widget.recipient(), orEmpty(widget.addressee()));
		require(this.statements.update(Sql.CREATE_WIDGET, widget.conversationId(), widget.widgetId(),
				widget.recipient(), orEmpty(widget.addressee()), orEmpty(widget.askedBy()), millis(widget.issuedAt()),
				(expiresAt != null) ? millis(expiresAt) : null, widget.answering().name(),
				this.seal.sealText(SealedColumn.WIDGET_DATA, widget.data(), key),
				this.seal.sealText(SealedColumn.BALLOT, widget.ballot(), key)),
				"The message " + widget.askedBy() + " asked with this widget before");
		if (widget.ballot() != null) {
			this.statements.update(Sql.DELETE_VOTES, widget.conversationId(), widget.widgetId());
		}
		String conversationId = widget.conversationId();
		for (Object[] old : this.statements.all(Sql.FIND_OLD_OPEN_WIDGETS, (row) -> new Object[] { conversationId,
				row.getString(1), row.getString(2), row.getString(3), row.getString(4) }, conversationId,
				AgentStore.MAX_OPEN_WIDGETS)) {
			this.statements.update(Sql.DELETE_VOTES_OF_WIDGET, old);
			this.statements.update(Sql.DELETE_WIDGET, old);
		}
	}

	private void write(OutboundFrame frame) throws SQLException {
		require(this.statements.update(Sql.CREATE_FRAME, frame.sequence(),
				this.seal.sealText(SealedColumn.FRAME, frame.json(), frame.sequence())),
				"There was a frame with the sequence " + frame.sequence() + " before");
		this.statements.update(Sql.DELETE_EMPTIED_FRAME, frame.sequence());
	}

	/** The newest one is only emptied: the last sequence must not be forgotten. */
	private void deleteFrame(long sequence) throws SQLException {
		if (this.statements.update(Sql.DELETE_FRAME, sequence) == 0) {
			this.statements.update(Sql.EMPTY_FRAME, sequence);
		}
	}

	private void write(Change.PreKeysCreated created) throws SQLException {
		SignedPreKey signed = created.signedPreKey();
		if (signed != null) {
			PreKeyRows.create(this.statements, this.seal, signed, created.createdAt());
			this.statements.update(Sql.SET_CURRENT_SIGNED_PREKEY, Integer.toUnsignedLong(signed.id()));
		}
		KyberPreKey kyber = created.kyberPreKey();
		if (kyber != null) {
			PreKeyRows.create(this.statements, this.seal, kyber, created.createdAt());
			this.statements.update(Sql.SET_CURRENT_KYBER_PREKEY, Integer.toUnsignedLong(kyber.id()));
		}
		for (OneTimePreKey preKey : created.oneTimePreKeys()) {
			PreKeyRows.create(this.statements, this.seal, preKey, created.createdAt());
		}
	}

	private void write(Change.PreKeysImported imported) throws SQLException {
		for (SignedPreKey preKey : imported.signedPreKeys()) {
			PreKeyRows.create(this.statements, this.seal, preKey, imported.importedAt());
			setPublished(PreKeyRows.SIGNED, preKey.id());
		}
		for (KyberPreKey preKey : imported.kyberPreKeys()) {
			PreKeyRows.create(this.statements, this.seal, preKey, imported.importedAt());
		}
		for (OneTimePreKey preKey : imported.oneTimePreKeys()) {
			PreKeyRows.create(this.statements, this.seal, preKey, imported.importedAt());
			setPublished(PreKeyRows.ONE_TIME, preKey.id());
		}
	}

	private void setPublished(String kind, int id) throws SQLException {
		this.statements.update(Sql.SET_PREKEY_PUBLISHED, kind, Integer.toUnsignedLong(id));
	}

	private void write(Change.VoteCast vote) throws SQLException {
		if (vote.vote() != null) {
			this.statements.update(Sql.SET_VOTE, vote.conversationId(), vote.widgetId(), vote.userId(), this.seal
				.sealText(SealedColumn.VOTE, vote.vote(), vote.conversationId(), vote.widgetId(), vote.userId()));
		}
		else {
			this.statements.update(Sql.DELETE_VOTE, vote.conversationId(), vote.widgetId(), vote.userId());
		}
	}

	private void delete(Change.Expired expired) throws SQLException {
		long preKeysBefore = millis(expired.preKeysBefore());
		this.statements.update(Sql.EXPIRE_ONE_TIME_PREKEYS, PreKeyRows.ONE_TIME, preKeysBefore, MAX_EXPIRED);
		for (Long id : this.statements.all(Sql.FIND_REPLACED_SIGNED_PREKEYS, (row) -> row.getLong(1), PreKeyRows.SIGNED,
				preKeysBefore)) {
			this.statements.update(Sql.DELETE_BASE_KEYS_OF_SIGNED_PREKEY, id);
			this.statements.update(Sql.DELETE_PREKEY, PreKeyRows.SIGNED, id);
		}
		for (Long id : this.statements.all(Sql.FIND_REPLACED_KYBER_PREKEYS, (row) -> row.getLong(1), PreKeyRows.KYBER,
				preKeysBefore)) {
			this.statements.update(Sql.DELETE_BASE_KEYS_OF_KYBER_PREKEY, id);
			this.statements.update(Sql.DELETE_PREKEY, PreKeyRows.KYBER, id);
		}
		Instant before = expired.receiptsBefore();
		this.statements.update(Sql.EXPIRE_RECEIPTS, millis(before), MAX_EXPIRED);
		this.statements.update(Sql.EXPIRE_MESSAGES, millis(before), MAX_EXPIRED);
		this.statements.update(Sql.EXPIRE_VOTES, millis(before), MAX_EXPIRED);
		this.statements.update(Sql.EXPIRE_WIDGETS, millis(before), MAX_EXPIRED);
	}

	private static void require(int rows, String conflict) {
		require(rows > 0, conflict);
	}

	private static void require(boolean agrees, String conflict) {
		if (!agrees) {
			throw new StoreConflictException(conflict);
		}
	}

	/** A primary key has no place for {@code null}, and no id is empty. */
	static String orEmpty(@Nullable String id) {
		return (id != null) ? id : "";
	}

	private static long millis(Instant instant) {
		return instant.toEpochMilli();
	}

	private record PendingMessage(byte[] digest, ReplyContext context) {
	}

}
