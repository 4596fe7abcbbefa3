package com.pacerelle.client.inbound;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.connection.FrameListener;
import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.event.Rejections;
import com.pacerelle.client.wire.InboundFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes frames from the socket to the dispatcher. Called on the event loop; never
 * blocks.
 */
public final class FrameRouter implements FrameListener {

	private static final Logger logger = LoggerFactory.getLogger(FrameRouter.class);

	private final MessagePipeline pipeline;

	private final Dispatcher dispatcher;

	private final Rejections rejections;

	/**
	 * Creates a router.
	 * @param pipeline takes messages
	 * @param dispatcher gives each message its turn
	 * @param rejections report frames that are no messages, and changed identities
	 */
	public FrameRouter(MessagePipeline pipeline, Dispatcher dispatcher, Rejections rejections) {
		this.pipeline = pipeline;
		this.dispatcher = dispatcher;
		this.rejections = rejections;
	}

	@Override
	public void received(byte[] utf8) {
		InboundFrame frame = InboundFrame.read(utf8);
		if (frame instanceof InboundFrame.Message message) {
			logger.debug("Received message {}", PrintableId.of(message.message().id()));
			this.dispatcher.dispatch(message.message().conversation(), utf8.length,
					this.pipeline.task(message.message()));
		}
		else if (frame instanceof InboundFrame.IdentityChanged changed) {
			this.rejections.identityChanged(changed.peerId());
		}
		else if (frame instanceof InboundFrame.Malformed malformed) {
			this.rejections.reject(malformed.messageId(), malformed.conversationId(),
					GatewayEvent.RejectionReason.MALFORMED);
		}
		else {
			ignored();
		}
	}

	@Override
	public void ignored() {
		this.rejections.ignore();
	}

	@Override
	public boolean hasRoom() {
		return this.dispatcher.hasRoom();
	}

}
