package com.pacerelle.client.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a session writes: frames, in the order in which they are added from any thread,
 * and the pings whose answers confirm them. Confined to the socket's event loop, but for
 * {@link #add}.
 */
final class Outgoing {

	private final Channel channel;

	private final Heartbeat heartbeat;

	private final Consumer<Throwable> failureListener;

	private final Queue<Frame> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean draining = new AtomicBoolean();

	private final FutureListener<Void> writeListener = this::written;

	private long writtenSequence;

	private @Nullable ScheduledFuture<?> nextPing;

	/**
	 * Creates a way out.
	 * @param channel the socket
	 * @param heartbeat decides on pings
	 * @param failureListener told when a frame does not leave: the pong to a later ping
	 * must not confirm it
	 */
	Outgoing(Channel channel, Heartbeat heartbeat, Consumer<Throwable> failureListener) {
		this.channel = channel;
		this.heartbeat = heartbeat;
		this.failureListener = failureListener;
	}

	void add(String json, long sequence) {
		this.queue.add(new Frame(json, sequence));
		if (this.draining.compareAndSet(false, true)) {
			boolean scheduled = false;
			try {
				this.channel.eventLoop().execute(this::drain);
				scheduled = true;
			}
			finally {
				if (!scheduled) {
					this.draining.set(false);
				}
			}
		}
	}

	private void drain() {
		this.draining.set(false);
		boolean written = false;
		try {
			for (Frame next = this.queue.poll(); next != null; next = this.queue.poll()) {
				write(new TextWebSocketFrame(ByteBufUtil.writeUtf8(this.channel.alloc(), next.json())));
				this.writtenSequence = Math.max(this.writtenSequence, next.sequence());
				written = true;
			}
		}
		catch (RuntimeException | Error ex) {
			this.failureListener.accept(ex);
		}
		if (written) {
			this.channel.flush();
			pingWhenDue();
		}
	}

	private void write(WebSocketFrame frame) {
		this.channel.write(frame).addListener(this.writeListener);
	}

	private void written(Future<?> write) {
		Throwable failure = write.cause();
		// A closed channel reports the reason itself.
		if (failure != null && this.channel.isOpen()) {
			this.failureListener.accept(failure);
		}
	}

	void ping() {
		long number = this.heartbeat.ping(System.nanoTime(), this.writtenSequence);
		write(new PingWebSocketFrame(Unpooled.copyLong(number)));
		this.channel.flush();
	}

	/**
	 * Writes a ping if one is due, else schedules it.
	 */
	void pingWhenDue() {
		if (this.nextPing != null) {
			return;
		}
		long wait = this.heartbeat.nanosUntilPing(System.nanoTime(), this.writtenSequence);
		if (wait <= 0) {
			ping();
		}
		else if (wait <= Heartbeat.CONFIRMATION_NANOS) {
			this.nextPing = this.channel.eventLoop().schedule(() -> {
				this.nextPing = null;
				pingWhenDue();
			}, wait, TimeUnit.NANOSECONDS);
		}
	}

	private record Frame(String json, long sequence) {
	}

}
