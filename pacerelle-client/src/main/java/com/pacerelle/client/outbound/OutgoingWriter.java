package com.pacerelle.client.outbound;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.encryption.HeldMessage;
import com.pacerelle.client.encryption.PayloadCipher;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts messages, and commits their frames with the session state that they leave
 * behind, so that a crash never uses a message key again (gateway.md section 5). Blocks.
 */
final class OutgoingWriter {

	private static final Logger logger = LoggerFactory.getLogger(OutgoingWriter.class);

	private final boolean encrypted;

	private final int maxFrameSize;

	private final PayloadCiphers ciphers;

	private final IssuedWidgets issued;

	private final Outbox outbox;

	private final Clock clock;

	/**
	 * Creates a writer.
	 * @param encrypted whether messages are end-to-end encrypted
	 * @param maxFrameSize the largest frame, in bytes
	 * @param ciphers encrypt
	 * @param issued says what is stored of widgets
	 * @param outbox commits and writes frames
	 * @param clock tells the time
	 */
	OutgoingWriter(boolean encrypted, int maxFrameSize, PayloadCiphers ciphers, IssuedWidgets issued, Outbox outbox,
			Clock clock) {
		this.encrypted = encrypted;
		this.maxFrameSize = maxFrameSize;
		this.ciphers = ciphers;
		this.issued = issued;
		this.outbox = outbox;
		this.clock = clock;
	}

	/**
	 * Commits messages, and has them sent.
	 * @param outgoing the messages
	 */
	void commit(Outgoing outgoing) {
		InboundMessage accepted = outgoing.accepted();
		Lock lock = (accepted != null) ? this.ciphers.lockToAnswer(accepted)
				: this.ciphers.lock(outgoing.destination().conversation());
		try {
			settle(List.of(write(outgoing)), true);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Commits messages, or writes them in the transaction of the application that the
	 * calling thread takes part in. They are not sent. The lock of the conversation is
	 * held until they are settled.
	 * @param outgoing the messages
	 * @return what is to be settled
	 */
	Written write(Outgoing outgoing) {
		InboundMessage accepted = outgoing.accepted();
		HeldMessage held = (accepted != null) ? this.ciphers.resume(accepted) : null;
		PayloadCipher cipher = (held != null) ? held.cipher() : this.ciphers.start(outgoing.envelopes());
		List<String> frames = new ArrayList<>(outgoing.messages().size());
		List<Change> issued = new ArrayList<>();
		for (Outgoing.Message message : outgoing.messages()) {
			frames.add(frame(cipher, outgoing.destination(), message));
			Change change = this.issued.sent(outgoing.destination(), outgoing.askedBy(), message.content(),
					message.payload().widgetId(), this.clock.instant());
			if (change != null) {
				issued.add(change);
			}
		}
		List<Change> changes = cipher.changes();
		if (held != null) {
			changes.addAll(held.changes());
		}
		changes.addAll(issued);
		changes.addAll(outgoing.changes());
		return new Written(outgoing, cipher, this.outbox.write(changes, frames, outgoing.acks()));
	}

	private String frame(PayloadCipher cipher, Destination destination, Outgoing.Message message) {
		ConversationKey conversation = destination.conversation();
		PayloadCipher.Sealed sealed = cipher.seal(conversation, destination.deviceId(), message.id(),
				message.payload().plaintext());
		String json = OutboundMessage
			.of(message.id(), conversation, destination.deviceId(), destination.replyTo(), message.payload(),
					this.encrypted, sealed.payload(), sealed.historyRecord())
			.toJson();
		if (json.length() > this.maxFrameSize) {
			throw new IllegalArgumentException("The content is too long for one message: its frame has " + json.length()
					+ " bytes, 'connection.maxFrameSize' is " + this.maxFrameSize);
		}
		return json;
	}

	/**
	 * Stores a message that is held, in the transaction of the application that the
	 * calling thread takes part in: what is sent before its answer goes on from there.
	 * The lock of the conversation is held until this is settled.
	 * @param message the message
	 * @return what is to be settled, or {@code null} if it is not held
	 */
	@Nullable Written store(InboundMessage message) {
		HeldMessage held = this.ciphers.resume(message);
		if (held == null) {
			return null;
		}
		List<Change> changes = held.cipher().changes();
		changes.addAll(held.changes());
		return new Written(null, held.cipher(), this.outbox.write(changes, List.of(), List.of()));
	}

	/**
	 * Whether messages are committed, when the outcome of their transaction is unknown.
	 * @param written the messages
	 * @return whether they are in the store
	 */
	boolean isCommitted(Written written) {
		return this.outbox.isCommitted(written.batch());
	}

	/**
	 * Has messages sent, or forgets them.
	 * @param written what was written together
	 * @param committed whether it is committed
	 */
	void settle(List<Written> written, boolean committed) {
		// Frames that are not settled hold up all later ones.
		written.forEach((each) -> this.outbox.settle(each.batch(), committed));
		if (committed) {
			written.forEach((each) -> {
				each.cipher().committed();
				log(each.outgoing());
			});
		}
	}

	/**
	 * What was committed, and so will be sent.
	 */
	private static void log(@Nullable Outgoing outgoing) {
		if (outgoing == null || !logger.isDebugEnabled()) {
			return;
		}
		for (Outgoing.Message message : outgoing.messages()) {
			logger.debug("Sent message {} ({})", message.id(), message.content().getClass().getSimpleName());
		}
		for (Change change : outgoing.changes()) {
			if (change instanceof Change.MessageAccepted accepted) {
				logger.debug("Accepted message {}", PrintableId.of(accepted.messageId()));
			}
		}
	}

	/**
	 * What was written, and waits for the end of its transaction.
	 *
	 * @param outgoing the messages, or {@code null} if there are none
	 * @param cipher their unit of work
	 * @param batch their frames
	 */
	record Written(@Nullable Outgoing outgoing, PayloadCipher cipher, CommitOrder.Batch batch) {
	}

}
