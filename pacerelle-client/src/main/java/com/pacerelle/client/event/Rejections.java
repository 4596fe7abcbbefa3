package com.pacerelle.client.event;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.PrintableId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what is refused or ignored, never with content.
 */
public final class Rejections {

	private static final Logger logger = LoggerFactory.getLogger(Rejections.class);

	private final Events events;

	private final Map<RejectionReason, Long> rejected = new EnumMap<>(RejectionReason.class);

	private final AtomicLong ignored = new AtomicLong();

	private final AtomicLong identitiesChanged = new AtomicLong();

	public Rejections(Events events) {
		this.events = events;
	}

	/**
	 * Counts a message that is refused. Logs the first one of each reason, and each time
	 * that their number has doubled: the relay can make any number of them.
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param reason why
	 */
	public void reject(String messageId, String conversationId, RejectionReason reason) {
		long count = count(reason);
		if (Long.bitCount(count) == 1) {
			logger.warn(
					"Message {} of conversation {} is refused and not acknowledged: {}. {} refused for this reason so"
							+ " far, the next one that is logged is number {}",
					PrintableId.of(messageId), PrintableId.of(conversationId), describe(reason), count, 2 * count);
		}
		this.events.publish(new GatewayEvent.MessageRejected(messageId, conversationId, reason));
	}

	/**
	 * Reports an answer that was refused.
	 * @param refused which one, and why
	 */
	public void refuse(GatewayEvent.AnswerRefused refused) {
		logger.warn("Message {} of conversation {} is an answer that is refused: {}",
				PrintableId.of(refused.messageId()), PrintableId.of(refused.conversationId()),
				switch (refused.reason()) {
					case NOT_ASKED -> "its sender was not asked this";
					case EXPIRED -> "the question had expired";
					case ANSWERED -> "the question was answered before";
					case NEW_IDENTITY -> "it comes under an identity that was not known when the question was asked;"
							+ " compare verification codes before you trust it";
				});
		this.events.publish(refused);
	}

	/**
	 * Counts a frame that is not a known message. Logs the first one, and each time that
	 * the number has doubled.
	 */
	public void ignore() {
		long count = this.ignored.incrementAndGet();
		if (Long.bitCount(count) == 1) {
			logger.warn("{} frame(s) ignored so far: too large, or not messages of the protocol", count);
		}
		this.events.publish(new GatewayEvent.FrameIgnored());
	}

	/**
	 * Counts what the relay says about changed identities, which changes nothing. Logs
	 * the first one, and each time that the number has doubled.
	 * @param peerId whose identity is said to have changed
	 */
	public void identityChanged(String peerId) {
		long count = this.identitiesChanged.incrementAndGet();
		if (Long.bitCount(count) == 1) {
			logger.warn(
					"The relay says that the identity of {} has changed; own keys and sessions are kept. It has said so"
							+ " {} time(s), the next one that is logged is number {}",
					PrintableId.of(peerId), count, 2 * count);
		}
		this.events.publish(new GatewayEvent.IdentityChanged(peerId));
	}

	private synchronized long count(RejectionReason reason) {
		return this.rejected.merge(reason, 1L, Long::sum);
	}

	private static String describe(RejectionReason reason) {
		return switch (reason) {
			case UNDECRYPTABLE -> "it cannot be decrypted with the keys and sessions of this agent; if that happens to"
					+ " several people after a start, its store may be an old backup";
			case UNTRUSTED_IDENTITY -> "it comes from another identity than the one known for this device; compare"
					+ " verification codes before you trust it";
			case DEVICE_REFUSED -> "its device was refused";
			case DEVICE_WAITING ->
				"its device waits for approval, and no more messages can wait; it comes again after a"
						+ " reconnect or a restart";
			case DUPLICATE -> "it was decrypted before under another message id";
			case DEFERRED -> "so many messages said to be of this device were forged that it is not searched for their"
					+ " session now; if it is genuine, it comes again after a reconnect or a restart";
			case CONFLICT -> "a message with this id but other content was seen before";
			case CLEAR_TEXT -> "it is not encrypted, and this agent takes only encrypted messages";
			case MALFORMED -> "a field is missing or has the wrong type, or the text is not valid";
			case GROUP_KEY_MISSING -> "no member of the group has given this agent the key of the message; it is"
					+ " delivered again after a reconnect or a restart";
			case HISTORY_KEY_CHANGED -> "it delivers another history key than its device, or the group, did before, and"
					+ " keys are not replaced silently";
		};
	}

}
