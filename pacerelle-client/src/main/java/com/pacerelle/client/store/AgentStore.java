package com.pacerelle.client.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of one agent: rows that are read by key, and changes that are
 * committed together (gateway.md section 4.1). Reads return what was committed last and
 * are safe from any thread; the caller ensures that the rows of one conversation are not
 * changed concurrently.
 */
public interface AgentStore extends SignalStore, AutoCloseable {

	/** How many keys of a group are kept of each member who gave some. */
	int MAX_GROUP_KEYS = 100;

	/** How many widgets of a conversation can be open. */
	int MAX_OPEN_WIDGETS = 1000;

	/**
	 * What is known of an inbound message.
	 * @param messageId the message
	 * @return its receipt, or {@code null} if the message was never seen
	 */
	@Nullable Receipt receipt(String messageId);

	/**
	 * What is kept of a message that was decrypted, to handle it.
	 * @param messageId the message
	 * @return the message, or {@code null} if it is unknown or was never decrypted
	 */
	@Nullable StoredMessage message(String messageId);

	/**
	 * How often a message that is pending was tried, and failed.
	 * @param messageId the message
	 * @return the number, 0 if it never failed
	 */
	int attempts(String messageId);

	/**
	 * The messages that were accepted although they could not be handled.
	 * @return the messages in the order of their last failure
	 */
	List<FailedMessage> deadLetters();

	/**
	 * The widgets that were sent with an id.
	 * @param conversationId the conversation
	 * @param widgetId the id
	 * @param recipient where they were sent
	 * @return the widgets, the newest first
	 */
	List<IssuedWidget> issuedWidgets(String conversationId, String widgetId, String recipient);

	/**
	 * Where a reply to a message goes.
	 * @param messageId the inbound message
	 * @return its reply context, or {@code null} if the message is unknown
	 */
	@Nullable ReplyContext replyContext(String messageId);

	/**
	 * The device that a person used last in a conversation.
	 * @param userId the person
	 * @param conversationId the conversation
	 * @return the device, or {@code null} if none is known
	 */
	@Nullable String lastDevice(String userId, String conversationId);

	/**
	 * Whether messages of this device decrypt under the plain peer name (gateway.md
	 * section 4.2).
	 * @param userId the person
	 * @param conversationId the conversation
	 * @param deviceId the device
	 * @return whether replies use the plain name
	 */
	boolean usesPlainName(String userId, String conversationId, String deviceId);

	/**
	 * The identity that a device has in a conversation.
	 * @param userId the person
	 * @param deviceId the device, or {@code null} for messages that name none
	 * @param conversationId the conversation
	 * @return the identity, or {@code null} if none was seen
	 */
	@Nullable KnownIdentity knownIdentity(String userId, @Nullable String deviceId, String conversationId);

	/**
	 * The identities that the devices of a person have, in all conversations.
	 * @param userId the person
	 * @return the identities in the order of their first use
	 */
	List<KnownIdentity> identities(String userId);

	/**
	 * The conversations that the agent can write to: of people who have a trusted device
	 * there, and of groups that a member has given a key of. Of the people of a group,
	 * none is listed in its conversation.
	 * @param after the last one of the page before, or {@code null} to begin
	 * @param limit how many at most
	 * @return the next ones, people first, each by their ids
	 */
	List<KnownConversation> conversations(@Nullable KnownConversation after, int limit);

	/**
	 * Since when an identity of a person is known, in any conversation.
	 * @param userId the person
	 * @param identity the identity key
	 * @return when it was first seen, or {@code null} if it is unknown or not trusted
	 */
	@Nullable Instant trustedSince(String userId, EcPublicKey identity);

	/**
	 * The identities of all people that nobody has decided about.
	 * @return the identities in the order of their first use
	 */
	List<KnownIdentity> waitingIdentities();

	/**
	 * How many messages of a device wait until it is trusted, in all conversations.
	 * @param userId the person
	 * @param deviceId the device, or {@code null} for messages that name none
	 * @return the number
	 */
	int waitingMessages(String userId, @Nullable String deviceId);

	/**
	 * The history keys that the devices of a person, or a group, have delivered.
	 * @param conversationId the conversation
	 * @param recipient the person, or the group's address
	 * @return the keys, at most one for each device, in the order of their delivery
	 */
	List<KnownHistoryKey> historyKeys(String conversationId, String recipient);

	/**
	 * A key of a group.
	 * @param conversationId the group's conversation
	 * @param keyId the key's id
	 * @param epoch the key's epoch
	 * @return the key, or {@code null} if it is unknown
	 */
	@Nullable GroupKey groupKey(String conversationId, String keyId, long epoch);

	/**
	 * Which keys of a group are known.
	 * @param conversationId the group's conversation
	 * @return the keys in the order of their epochs
	 */
	List<KnownGroupKey> groupKeys(String conversationId);

	/**
	 * Whether a message was encrypted with a group's key and this nonce before.
	 * @param key the key
	 * @param nonce the nonce, 12 bytes
	 * @return whether the nonce is known
	 */
	boolean isGroupNonceUsed(GroupKey key, byte[] nonce);

	/**
	 * How people have voted on a widget.
	 * @param conversationId the conversation
	 * @param widgetId the widget
	 * @return the last vote of each, by the person's id
	 */
	Map<String, String> votes(String conversationId, String widgetId);

	/**
	 * The frames that were committed and not confirmed by the relay yet.
	 * @param afterSequence only frames with a greater sequence
	 * @param limit how many at most
	 * @return the frames in the order of their sequence
	 */
	List<OutboundFrame> undelivered(long afterSequence, int limit);

	/**
	 * How many frames are not delivered.
	 * @return their number
	 */
	int undeliveredCount();

	/**
	 * The greatest sequence that a frame was ever stored with, or 0.
	 * @return the sequence
	 */
	long lastSequence();

	/**
	 * The signed prekey that is published now.
	 * @return the newest one, or {@code null} if there is none yet
	 */
	@Nullable Published<SignedPreKey> currentSignedPreKey();

	/**
	 * The Kyber prekey that is published now.
	 * @return the newest one, or {@code null} if there is none yet
	 */
	@Nullable Published<KyberPreKey> currentKyberPreKey();

	/**
	 * How many one-time prekeys are not used yet.
	 * @return the number
	 */
	int oneTimePreKeyCount();

	/**
	 * Up to where time has passed, as the last {@link Change.TimePassed} says.
	 * @return the time, or {@code null} if nothing was said
	 */
	@Nullable Instant timePassed();

	/**
	 * Whether a bundle was published, the current one or one before.
	 * @return whether the relay has a bundle
	 */
	boolean isBundlePublished();

	/**
	 * The one-time prekeys that the relay may not have.
	 * @return those whose publication is not recorded
	 */
	List<OneTimePreKey> unpublishedOneTimePreKeys();

	/**
	 * Reserves ids that no prekey ever had, durably, before it returns (gateway.md
	 * section 2.1).
	 * @param count how many, at least 1
	 * @return the first of {@code count} consecutive ids, all in 1..2^31-1
	 * @throws StoreException if there are not so many ids any more, or the store cannot
	 * be written
	 */
	int reservePreKeyIds(int count);

	/**
	 * Commits changes in one transaction: all or none. Several calls may share one
	 * transaction of the database, so that the disk is flushed once for many. Waits while
	 * very many calls are pending.
	 * @param changes the changes in their order
	 * @return completes, on a thread of the store, when the changes are on the disk;
	 * fails with {@link StoreConflictException} if a change contradicts the store, with
	 * {@link StoreException} if the store cannot be written, and then none of the changes
	 * was made
	 */
	CompletableFuture<@Nullable Void> commitAsync(List<? extends Change> changes);

	/**
	 * Commits changes and waits until they are on the disk.
	 * @param changes the changes in their order
	 * @throws StoreException as {@link #commitAsync(List)} fails
	 */
	default void commitAndWait(List<? extends Change> changes) {
		try {
			commitAsync(changes).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/**
	 * The transactions of the application that the store can take part in.
	 * @return its transactions
	 */
	default ApplicationTransactions transactions() {
		return ApplicationTransactions.NONE;
	}

	/**
	 * Takes part in a transaction of the application. What the calling thread reads
	 * meanwhile is what the transaction sees; what it commits with
	 * {@link #commitAndWait(List)} is written, and committed with the transaction.
	 * Nothing is written over what another process has written since it took the agent.
	 * @param transaction one of {@link #transactions()}
	 * @param work reads and commits, on the calling thread
	 * @throws StoreException if the store cannot be read or written; the transaction must
	 * be rolled back then
	 */
	default void within(ApplicationTransaction transaction, Runnable work) {
		throw new UnsupportedOperationException("This store takes part in no transaction of the application");
	}

	/**
	 * Whether a frame is in the store, although the outcome of the transaction of the
	 * application that it was written in is unknown. Waits until the database knows.
	 * @param sequence the sequence of the frame
	 * @return whether the transaction was committed
	 * @throws StoreException if the database does not answer
	 */
	default boolean isQueued(long sequence) {
		throw new UnsupportedOperationException("This store takes part in no transaction of the application");
	}

	@Override
	default void commit(List<StoreChange> changes) {
		commitAndWait(changes.stream().map(Change.Session::new).toList());
	}

	/**
	 * Waits for pending changes, then releases the store for another process. Later calls
	 * fail with {@link StoreException}.
	 */
	@Override
	void close();

}
