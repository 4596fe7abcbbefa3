package com.pacerelle.client.encryption;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.codec.Utf8;
import com.pacerelle.client.history.HistoryRecord;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.UntrustedIdentityException;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work in which payloads are decrypted or encrypted, each with the session of
 * a person or the key of a group (gateway.md sections 4.2, 5 to 7). Nothing is committed
 * here.
 */
public final class PayloadCipher {

	private final PeerSessions sessions;

	private final GroupCipher groups;

	private final HistoryKeys historyKeys;

	private final boolean encrypted;

	private final Runnable preKeyListener;

	private boolean preKeyUsed;

	private @Nullable KnownIdentity sender;

	/**
	 * Creates a unit of work.
	 * @param sessions the sessions with people
	 * @param groups the keys of groups
	 * @param historyKeys the keys of archives
	 * @param encrypted whether what the agent sends is encrypted
	 * @param preKeyListener called when the use of a one-time prekey is committed
	 */
	PayloadCipher(PeerSessions sessions, GroupCipher groups, HistoryKeys historyKeys, boolean encrypted,
			Runnable preKeyListener) {
		this.sessions = sessions;
		this.groups = groups;
		this.historyKeys = historyKeys;
		this.encrypted = encrypted;
		this.preKeyListener = preKeyListener;
	}

	/**
	 * Reads what a person sent.
	 * @param message the message
	 * @return the plaintext, without the wrapper that delivers a history key; with it if
	 * the sender is not trusted yet
	 * @throws PayloadRefusedException if it cannot be read; nothing must be committed
	 */
	public String open(InboundMessage message) throws PayloadRefusedException {
		KnownIdentity known = message.conversation().isGroup() ? null
				: this.sessions.known(message.conversation(), message.deviceId());
		if (known != null && known.state() == KnownIdentity.State.REFUSED) {
			throw new PayloadRefusedException(RejectionReason.DEVICE_REFUSED);
		}
		byte[] payload;
		try {
			payload = Base64.getDecoder().decode(message.payload());
		}
		catch (IllegalArgumentException ex) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		byte[] plaintext = message.encrypted() ? decrypt(message, known, payload) : payload;
		String text = Utf8.decode(plaintext);
		Arrays.fill(plaintext, (byte) 0);
		if (text == null) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		boolean waiting = this.sender != null && this.sender.isWaiting();
		return (message.encrypted() && !waiting) ? unwrap(message, text) : text;
	}

	/**
	 * Reads what a person sent before the device was trusted.
	 * @param message the message
	 * @param plaintext its plaintext
	 * @return the plaintext, without the wrapper that delivers a history key
	 * @throws PayloadRefusedException if it cannot be read; nothing must be committed
	 */
	public String unwrap(InboundMessage message, String plaintext) throws PayloadRefusedException {
		return this.historyKeys.unwrap(message.conversation(), message.deviceId(), this.sender, plaintext);
	}

	/**
	 * The identity of who sent the message that was read.
	 * @return the identity, or {@code null} if it was not encrypted, or for a group
	 */
	public @Nullable KnownIdentity sender() {
		return this.sender;
	}

	private byte[] decrypt(InboundMessage message, @Nullable KnownIdentity known, byte[] payload)
			throws PayloadRefusedException {
		if (message.conversation().isGroup()) {
			return this.groups.decrypt(message.conversation().conversationId(), message.from(), payload);
		}
		try {
			byte[] plaintext = this.sessions.decrypt(message.conversation(), message.deviceId(), known, payload);
			this.sender = this.sessions.sender();
			if (this.sender.state() == KnownIdentity.State.REFUSED) {
				throw new PayloadRefusedException(RejectionReason.DEVICE_REFUSED);
			}
			return plaintext;
		}
		catch (UntrustedIdentityException ex) {
			throw new PayloadRefusedException(RejectionReason.UNTRUSTED_IDENTITY);
		}
		catch (DuplicateMessageException ex) {
			throw new PayloadRefusedException(RejectionReason.DUPLICATE);
		}
		catch (MessageDeferredException ex) {
			throw new PayloadRefusedException(RejectionReason.DEFERRED);
		}
		catch (SignalProtocolException ex) {
			throw new PayloadRefusedException(RejectionReason.UNDECRYPTABLE);
		}
	}

	/**
	 * Prepares what the agent sends.
	 * @param conversation to whom
	 * @param deviceId the device, or {@code null}
	 * @param messageId the message's id
	 * @param plaintext the plaintext
	 * @return the payload and what goes into the archive
	 * @throws SignalProtocolException if there is no session with the person
	 * @throws GroupKeyException if there is no key of the group
	 */
	public Sealed seal(ConversationKey conversation, @Nullable String deviceId, String messageId, String plaintext) {
		byte[] utf8 = plaintext.getBytes(StandardCharsets.UTF_8);
		if (!this.encrypted) {
			return new Sealed(Base64.getEncoder().encodeToString(utf8), null);
		}
		byte[] payload = conversation.isGroup() ? this.groups.encrypt(conversation.conversationId(), utf8)
				: this.sessions.encrypt(conversation, deviceId, utf8);
		Arrays.fill(utf8, (byte) 0);
		return new Sealed(Base64.getEncoder().encodeToString(payload),
				this.historyKeys.seal(conversation, deviceId, messageId, plaintext));
	}

	/**
	 * What has changed so far, to be committed with the message.
	 * @return the changes
	 */
	public List<Change> changes() {
		List<Change> changes = new ArrayList<>(this.sessions.changes());
		this.preKeyUsed = changes.stream().anyMatch(PayloadCipher::usesOneTimePreKey);
		changes.addAll(this.groups.changes());
		changes.addAll(this.historyKeys.changes());
		return changes;
	}

	/**
	 * Whether nothing has changed but the states of sessions, which the lock of their
	 * conversation guards.
	 * @return whether these are all changes
	 */
	public boolean movesSessionsOnly() {
		return this.sessions.movesSessionsOnly() && this.groups.changes().isEmpty()
				&& this.historyKeys.changes().isEmpty();
	}

	private static boolean usesOneTimePreKey(Change change) {
		return change instanceof Change.Session session && session.change() instanceof StoreChange.OneTimePreKeyUsed;
	}

	/**
	 * Notifies the listeners that the changes are committed.
	 */
	public void committed() {
		this.groups.committed();
		this.sessions.committed();
		if (this.preKeyUsed) {
			this.preKeyListener.run();
		}
	}

	/**
	 * A payload, ready to be sent. Its {@code toString()} has no content.
	 *
	 * @param payload the payload in Base64
	 * @param historyRecord what goes into the archive, or {@code null} if there is none
	 */
	public record Sealed(String payload, @Nullable HistoryRecord historyRecord) {

		@Override
		public String toString() {
			return "Sealed[]";
		}

	}

}
