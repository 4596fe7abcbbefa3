package com.pacerelle.client.inbound;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.connection.FrameListener;
import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.event.Rejections;
import com.pacerelle.client.wire.InboundFrame;
import com.pacerelle.client.wire.InboundMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes frames from the socket to the dispatcher. Called on the event loop; never
 * blocks. A large frame is decoded elsewhere, and so are those that come behind it, to
 * keep their order.
 */
public final class FrameRouter implements FrameListener {

	private static final Logger logger = LoggerFactory.getLogger(FrameRouter.class);

	/** Decoding it takes a fraction of a millisecond. */
	static final int SMALL = 64 * 1024;

	private final MessagePipeline pipeline;

	private final Dispatcher dispatcher;

	private final Rejections rejections;

	/** Runs one task after the other. */
	private final Executor decoder;

	private final long decoderCapacity;

	private final AtomicInteger decoding = new AtomicInteger();

	private final AtomicLong decodingBytes = new AtomicLong();

	private final AtomicBoolean awaited = new AtomicBoolean();

	private Runnable roomListener = () -> {
	};

	/**
	 * Creates a router.
	 * @param pipeline takes messages
	 * @param dispatcher gives each message its turn
	 * @param rejections report frames that are no messages, and changed identities
	 * @param decoder decodes large frames, one after the other
	 * @param decoderCapacity how many bytes wait to be decoded
	 */
	public FrameRouter(MessagePipeline pipeline, Dispatcher dispatcher, Rejections rejections, Executor decoder,
			long decoderCapacity) {
		this.pipeline = pipeline;
		this.dispatcher = dispatcher;
		this.rejections = rejections;
		this.decoder = decoder;
		this.decoderCapacity = decoderCapacity;
	}

	/**
	 * Registers who waits for room.
	 * @param listener called when there is room after {@link #hasRoom()} found none
	 */
	public void onRoom(Runnable listener) {
		this.roomListener = listener;
		this.dispatcher.onRoom(listener);
	}

	@Override
	public void opened() {
		inOrder(0, this.dispatcher::deliveredAgain);
	}

	@Override
	public void received(byte[] utf8) {
		inOrder(utf8.length, () -> route(utf8));
	}

	private void inOrder(int size, Runnable step) {
		if (size <= SMALL && this.decoding.get() == 0) {
			step.run();
			return;
		}
		this.decoding.incrementAndGet();
		this.decodingBytes.addAndGet(size);
		this.decoder.execute(() -> {
			try {
				step.run();
			}
			finally {
				this.decodingBytes.addAndGet(-size);
				this.decoding.decrementAndGet();
				if (this.decodingBytes.get() < this.decoderCapacity && this.awaited.compareAndSet(true, false)) {
					this.roomListener.run();
				}
			}
		});
	}

	private void route(byte[] utf8) {
		InboundFrame frame = InboundFrame.read(utf8);
		if (frame instanceof InboundFrame.Message message) {
			route(message.message(), utf8.length);
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

	private void route(InboundMessage message, int size) {
		logger.debug("Received message {}", PrintableId.of(message.id()));
		if (!this.pipeline.dispatch(message, size)) {
			logger.debug("Message {} was delivered again, and waits already", PrintableId.of(message.id()));
		}
	}

	@Override
	public void ignored() {
		this.rejections.ignore();
	}

	@Override
	public boolean hasRoom() {
		return isDecoderFree() && this.dispatcher.hasRoom();
	}

	@Override
	public boolean mayLeave() {
		return isDecoderFree();
	}

	private boolean isDecoderFree() {
		if (this.decodingBytes.get() < this.decoderCapacity) {
			return true;
		}
		this.awaited.set(true);
		// It may have finished meanwhile, without telling.
		return this.decodingBytes.get() < this.decoderCapacity;
	}

}
