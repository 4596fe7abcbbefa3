package com.pacerelle.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings frames from the socket to where they are worked on. Called on the event loop;
 * blocks nowhere.
 */
final class FrameRouter implements FrameListener {

	private static final Logger logger = LoggerFactory.getLogger(FrameRouter.class);

	private final MessageTask.Steps steps;

	private final Dispatcher dispatcher;

	FrameRouter(MessageTask.Steps steps, Dispatcher dispatcher) {
		this.steps = steps;
		this.dispatcher = dispatcher;
	}

	@Override
	public void received(byte[] utf8) {
		InboundFrame frame = InboundFrame.read(utf8);
		if (frame instanceof InboundFrame.Message message) {
			logger.debug("Received message {}", message.message().id());
			this.dispatcher.dispatch(message.message().conversation(), utf8.length,
					new MessageTask(message.message(), this.steps));
		}
		else if (frame instanceof InboundFrame.IdentityChanged changed) {
			logger.warn("The relay says that the identity of {} has changed; own keys and sessions are kept",
					changed.peerId());
			this.steps.events().publish(new GatewayEvent.IdentityChanged(changed.peerId()));
		}
		else if (frame instanceof InboundFrame.Malformed malformed) {
			this.steps.rejections()
				.reject(malformed.messageId(), malformed.conversationId(), GatewayEvent.RejectionReason.MALFORMED);
		}
		else {
			ignored();
		}
	}

	@Override
	public void ignored() {
		this.steps.rejections().ignore();
	}

	@Override
	public boolean hasRoom() {
		return this.dispatcher.hasRoom();
	}

}
