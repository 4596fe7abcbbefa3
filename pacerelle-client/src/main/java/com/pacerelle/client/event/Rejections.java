package com.pacerelle.client.event;

import java.util.concurrent.atomic.AtomicLong;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what is refused or ignored, never with content.
 */
public final class Rejections {

	private static final Logger logger = LoggerFactory.getLogger(Rejections.class);

	private final Events events;

	private final AtomicLong ignored = new AtomicLong();

	public Rejections(Events events) {
		this.events = events;
	}

	public void reject(String messageId, String conversationId, RejectionReason reason) {
		logger.warn("Message {} of conversation {} is refused and not acknowledged: {}", messageId, conversationId,
				describe(reason));
		this.events.publish(new GatewayEvent.MessageRejected(messageId, conversationId, reason));
	}

	/**
	 * Reports an answer that nobody asked for.
	 * @param refused which one, and why
	 */
	public void refuse(GatewayEvent.AnswerRefused refused) {
		logger.warn("Message {} of conversation {} is an answer that does not count: {}", refused.messageId(),
				refused.conversationId(), switch (refused.reason()) {
					case NOT_ASKED -> "its sender was not asked this";
					case EXPIRED -> "the question had expired";
					case ANSWERED -> "the question was answered before";
					case NEW_IDENTITY -> "it comes under an identity that was not known when the question was asked;"
							+ " compare verification codes before you trust it";
				});
		this.events.publish(refused);
	}

	/**
	 * Counts a frame that is no message known here. The log tells about the first one and
	 * whenever their number has doubled.
	 */
	public void ignore() {
		long count = this.ignored.incrementAndGet();
		if (Long.bitCount(count) == 1) {
			logger.warn("{} frame(s) ignored so far that are no messages of the protocol, or too large", count);
		}
		this.events.publish(new GatewayEvent.FrameIgnored());
	}

	private static String describe(RejectionReason reason) {
		return switch (reason) {
			case UNDECRYPTABLE -> "it cannot be decrypted with the keys and sessions of this agent";
			case UNTRUSTED_IDENTITY -> "it comes from another identity than the one known for this device; compare"
					+ " verification codes before you trust it";
			case DUPLICATE -> "it was decrypted before under another message id";
			case CONFLICT -> "a message with this id but other content was seen before";
			case CLEAR_TEXT -> "it is not encrypted, and this agent takes only encrypted messages";
			case MALFORMED -> "a field is missing or has the wrong type, or the text is not valid";
			case GROUP_KEY_MISSING -> "no member of the group has given this agent the key of the message; it comes"
					+ " again after a reconnect or a restart";
			case HISTORY_KEY_CHANGED -> "it delivers another history key than the one known for the conversation, and"
					+ " keys are not replaced without a word";
		};
	}

}
