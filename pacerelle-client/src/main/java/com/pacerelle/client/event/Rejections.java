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

	private static String describe(RejectionReason reason) {
		return switch (reason) {
			case UNDECRYPTABLE -> "it cannot be decrypted with the keys and sessions of this agent";
			case UNTRUSTED_IDENTITY -> "it comes from another identity than the one known for this device; compare"
					+ " verification codes before you trust it";
			case DEVICE_REFUSED -> "its device was refused";
			case DEVICE_WAITING ->
				"its device waits for approval, and no more messages can wait; it comes again after a"
						+ " reconnect or a restart";
			case DUPLICATE -> "it was decrypted before under another message id";
			case CONFLICT -> "a message with this id but other content was seen before";
			case CLEAR_TEXT -> "it is not encrypted, and this agent takes only encrypted messages";
			case MALFORMED -> "a field is missing or has the wrong type, or the text is not valid";
			case GROUP_KEY_MISSING -> "no member of the group has given this agent the key of the message; it is"
					+ " delivered again after a reconnect or a restart";
			case HISTORY_KEY_CHANGED -> "it delivers another history key than the one known for the conversation, and"
					+ " keys are not replaced silently";
		};
	}

}
