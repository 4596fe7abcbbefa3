package com.pacerelle.client.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OversizeFrameFilterTests {

	private static final int MAX = 70_000;

	@Test
	void framesInAnySlicesPassAndOversizeOnesAreEmptied() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
		EmbeddedChannel decoder = new EmbeddedChannel(new OversizeFrameFilter(MAX, () -> {
		}), new WebSocket13FrameDecoder(false, false, MAX));
		int[] sizes = { 0, 1, 125, 126, 127, 65_535, 65_536, MAX - 1, MAX, MAX + 1, 1_000_000 };
		List<Integer> expected = new ArrayList<>();
		ByteBuf stream = Unpooled.buffer();
		for (int i = 0; i < 60; i++) {
			int size = sizes[random.nextInt(sizes.length)];
			ByteBuf content = Unpooled.buffer(size).writeZero(size);
			encoder.writeOutbound((i % 2 == 0) ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content));
			for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
				stream.writeBytes(part);
				part.release();
			}
			expected.add((size > MAX) ? 0 : size);
		}
		while (stream.isReadable()) {
			int length = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 5 : 100_000));
			decoder.writeInbound(stream.readBytes(length));
		}
		List<Integer> sizesSeen = new ArrayList<>();
		for (WebSocketFrame frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
			sizesSeen.add(frame.content().readableBytes());
			frame.release();
		}
		assertThat(sizesSeen).as("seed %d", seed).isEqualTo(expected);
	}

}
