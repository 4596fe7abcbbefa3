package com.pacerelle.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.file.FileCipher;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file of 256 MiB goes to the relay and back in a process that has a heap of 64 MiB.
 * The relay here keeps it on the disk; neither process keeps anything afterwards.
 */
@Tag("process")
class LargeFileTests {

	private static final long SIZE = 256L << 20;

	@TempDir
	private Path directory;

	@Test
	void fileOfFourTimesTheHeapNeedsNoMoreMemoryThanAnyOther() throws Exception {
		Path blob = this.directory.resolve("blob");
		NettyDataBufferFactory buffers = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
		DisposableServer relay = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.route((routes) -> routes.post("/agent/blobs",
					(request, response) -> DataBufferUtils.write(request.receive().retain().map(buffers::wrap), blob)
						.then(response.sendString(Mono.just("{\"id\":\"blob-1\"}")).then()))
				.get("/agent/blobs/blob-1",
						(request, response) -> response.header("Content-Length", String.valueOf(SIZE + 16))
							.sendFile(blob)))
			.bindNow();
		Path output = this.directory.resolve("output");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				Agent.class.getName(), "http://127.0.0.1:" + relay.port(), this.directory.resolve("store").toString())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("it ends").isTrue();
			assertThat(output).content().contains("same digest");
			assertThat(process.exitValue()).isZero();
			assertThat(blob).hasSize(SIZE + FileCipher.TAG_SIZE);
		}
		finally {
			process.destroyForcibly();
			relay.disposeNow(Duration.ofMinutes(1));
		}
	}

	/**
	 * The process with the small heap.
	 */
	static final class Agent {

		private Agent() {
		}

		public static void main(String[] arguments) throws Exception {
			AgentGatewaySettings settings = AgentGatewaySettings.builder("agent-1", "token-1")
				.connection((connection) -> connection.baseUrl(URI.create(arguments[0])))
				.files((files) -> files.maxSize(SIZE))
				.build();
			try (AgentStore store = SqliteAgentStore.open(Path.of(arguments[1]), "agent-1")) {
				AgentGatewayClient client = new DefaultAgentGatewayClient(settings, store,
						(message, conversation) -> Mono.empty());
				long start = System.nanoTime();
				AgentAttachment attachment = Objects
					.requireNonNull(client.upload(AgentFile.of("large.bin", new Generated())).block());
				System.out.println("uploaded after " + (System.nanoTime() - start) / 1_000_000 + " ms");
				String digest;
				try (InputStream content = attachment.resource().getInputStream()) {
					System.out.println("verified after " + (System.nanoTime() - start) / 1_000_000 + " ms");
					digest = digest(content);
				}
				System.out.println("read after " + (System.nanoTime() - start) / 1_000_000 + " ms");
				System.out.println(digest.equals(digest(new Generated().getInputStream())) ? "same digest" : "other");
				client.stop(Duration.ZERO).block();
			}
		}

		private static String digest(InputStream content) throws IOException {
			MessageDigest digest = Digests.sha256();
			byte[] part = new byte[64 * 1024];
			for (int n = content.read(part); n >= 0; n = content.read(part)) {
				digest.update(part, 0, n);
			}
			return HexFormat.of().formatHex(digest.digest());
		}

	}

	/**
	 * A content that is nowhere.
	 */
	private static final class Generated extends AbstractResource {

		@Override
		public String getDescription() {
			return "generated";
		}

		@Override
		public InputStream getInputStream() {
			return new InputStream() {

				private long position;

				@Override
				public int read() {
					byte[] one = new byte[1];
					return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
				}

				@Override
				public int read(byte[] bytes, int offset, int length) {
					if (this.position == SIZE) {
						return -1;
					}
					int n = (int) Math.min(length, SIZE - this.position);
					for (int i = 0; i < n; i++) {
						bytes[offset + i] = (byte) ((this.position + i) * 31 >>> 7);
					}
					this.position += n;
					return n;
				}

			};
		}

	}

}
