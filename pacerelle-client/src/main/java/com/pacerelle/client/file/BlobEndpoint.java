package com.pacerelle.client.file;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.http.Bodies;
import com.pacerelle.client.http.HttpStatusException;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.TransferListener;
import io.netty.handler.timeout.ReadTimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Uploads and downloads encrypted files (gateway.md sections 2, 5.3), a part at a time.
 * Files are read and written on a thread that may block. Failures are
 * {@link FileTransferException}s.
 */
public final class BlobEndpoint {

	/** Reactor Netty asks for up to 128 parts at a time. */
	private static final int PART_SIZE = 32 * 1024;

	private static final int PARTS_IN_MEMORY = 64;

	private static final int MAX_ANSWER_SIZE = 64 * 1024;

	private final WebClient webClient;

	private final Scheduler scheduler;

	private final Duration timeout;

	/**
	 * Creates the endpoint.
	 * @param relay connects
	 * @param scheduler where files are read and written
	 * @param timeout how long a transfer may stall
	 */
	public BlobEndpoint(RelayHttpClient relay, Scheduler scheduler, Duration timeout) {
		this.webClient = relay.authorized(timeout);
		this.scheduler = scheduler;
		this.timeout = timeout;
	}

	/**
	 * Uploads an encrypted file.
	 * @param file the file
	 * @param size how many bytes it has
	 * @param listener notified of the progress
	 * @return what the relay says about it
	 */
	Mono<Stored> upload(FileChannel file, long size, TransferListener listener) {
		return Mono.defer(() -> {
			// How long the answer may take, once all parts were read or one was not asked
			// for in time: nothing else ends a stalled connection.
			Sinks.One<Duration> deadline = Sinks.one();
			Flux<byte[]> parts = parts(file, size, listener)
				.doOnError(TimeoutException.class, (failure) -> deadline.tryEmitValue(Duration.ZERO))
				.doOnComplete(() -> deadline.tryEmitValue(this.timeout));
			return this.webClient.post()
				.uri("/agent/blobs")
				.contentType(MediaType.APPLICATION_OCTET_STREAM)
				.contentLength(size)
				.body(Bodies.of(parts))
				.exchangeToMono(
						(response) -> Bodies
							.collect(Bodies.successful(response), MAX_ANSWER_SIZE,
									() -> new FileTransferException("The relay's answer to an upload is too long",
											null))
							.map(BlobEndpoint::stored))
				.timeout(deadline.asMono().flatMap(Mono::delay));
		}).doOnNext((stored) -> listener.transferred(size, size)).onErrorMap((failure) -> failure("uploaded", failure));
	}

	private Flux<byte[]> parts(FileChannel file, long size, TransferListener listener) {
		return Flux.<byte[], Long>generate(() -> 0L, (position, sink) -> {
			byte[] part = new byte[(int) Math.min(PART_SIZE, size - position)];
			if (part.length == 0) {
				sink.complete();
				return position;
			}
			try {
				int n = file.read(ByteBuffer.wrap(part), position);
				if (n < part.length) {
					throw new IOException("The file has become shorter");
				}
			}
			catch (IOException ex) {
				throw Exceptions.propagate(ex);
			}
			listener.transferred(position, size);
			sink.next(part);
			return position + part.length;
		}).subscribeOn(this.scheduler).timeout(this.timeout);
	}

	private static Stored stored(byte[] json) {
		try {
			JsonNode node = GatewayJson.MAPPER.readTree(json);
			String id = node.path("id").stringValue(null);
			if (id != null && !id.isEmpty()) {
				return new Stored(id, node.path("sha256").stringValue(null));
			}
		}
		catch (JacksonException ex) {
			// Its message may quote what is not for logs.
		}
		throw new FileTransferException("The relay's answer to an upload has no id", null);
	}

	/**
	 * Downloads an encrypted file.
	 * @param blobId its id
	 * @param file gets the file
	 * @param size how many bytes it must have; no more are read
	 * @param listener notified of the progress
	 * @return completes when all of it is there; fails with
	 * {@link AttachmentRefusedException} if there is none or it has another size
	 */
	Mono<Void> download(String blobId, FileChannel file, long size, TransferListener listener) {
		return Mono.defer(() -> {
			AtomicLong received = new AtomicLong();
			return this.webClient.get()
				.uri("/agent/blobs/{blobId}", escape(blobId))
				.exchangeToFlux((response) -> checked(response, size).publishOn(this.scheduler, PARTS_IN_MEMORY)
					.doOnNext((part) -> {
						requireSize(received.addAndGet(part.length) <= size);
						write(file, part);
						listener.transferred(received.get(), size);
					}))
				.then(Mono.fromRunnable(() -> requireSize(received.get() == size)));
		}).onErrorMap((failure) -> failure("downloaded", failure)).then();
	}

	private static Flux<byte[]> checked(ClientResponse response, long size) {
		int status = response.statusCode().value();
		if (status == 404 || status == 410) {
			return Bodies.refuse(response, new AttachmentRefusedException(Reason.NOT_FOUND,
					"The relay does not have the attachment, or not any more: it must be sent again"));
		}
		String length = response.headers().asHttpHeaders().getFirst(HttpHeaders.CONTENT_LENGTH);
		if (response.statusCode().is2xxSuccessful() && length != null && !length.equals(Long.toString(size))) {
			return Bodies.refuse(response, wrongSize());
		}
		return Bodies.successful(response);
	}

	private static void requireSize(boolean right) {
		if (!right) {
			throw wrongSize();
		}
	}

	private static AttachmentRefusedException wrongSize() {
		return new AttachmentRefusedException(Reason.WRONG_SIZE,
				"The attachment has another size than its message says: it must be sent again");
	}

	private static void write(FileChannel file, byte[] part) {
		ByteBuffer buffer = ByteBuffer.wrap(part);
		try {
			while (buffer.hasRemaining()) {
				file.write(buffer);
			}
		}
		catch (ClosedChannelException ex) {
			// The download was cancelled.
			return;
		}
		catch (IOException ex) {
			throw new FileTransferException("A downloaded file cannot be written to the temporary directory: "
					+ "make it writable, or make room", ex);
		}
	}

	/** Escapes what has a meaning in a path. */
	private static String escape(String blobId) {
		return URLEncoder.encode(blobId, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace(".", "%2E");
	}

	private Throwable failure(String what, Throwable thrown) {
		Throwable failure = Exceptions.unwrap(thrown);
		if (failure instanceof AttachmentRefusedException || failure instanceof FileTransferException) {
			return failure;
		}
		String message = "A file could not be " + what + ": ";
		if (failure instanceof HttpStatusException status) {
			return new FileTransferException(message + "the relay answered with HTTP status " + status.status(), null);
		}
		if (failure instanceof ReadTimeoutException || failure instanceof TimeoutException) {
			return new FileTransferException(message + "no data was transferred for " + this.timeout.toSeconds() + " s",
					null);
		}
		return new FileTransferException(message + "the connection was lost, or there was none", failure);
	}

	/**
	 * An uploaded file.
	 *
	 * @param id the id of its blob
	 * @param sha256 the digest of the ciphertext, or {@code null}
	 */
	record Stored(String id, @Nullable String sha256) {
	}

}
