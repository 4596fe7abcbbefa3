package com.pacerelle.client.http;

import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * The bodies of requests and responses: bytes, a part at a time, which no codec of the
 * application touches.
 */
public final class Bodies {

	private Bodies() {
	}

	/**
	 * A body that is in memory.
	 * @param bytes the bytes
	 * @return the body, with its length
	 */
	public static BodyInserter<byte[], ClientHttpRequest> of(byte[] bytes) {
		return (request, context) -> request.writeWith(Mono.fromSupplier(() -> request.bufferFactory().wrap(bytes)));
	}

	/**
	 * A body that is pulled.
	 * @param parts the parts
	 * @return the body; whoever sends it tells its length
	 */
	public static BodyInserter<Flux<byte[]>, ReactiveHttpOutputMessage> of(Flux<byte[]> parts) {
		return (request, context) -> request.writeWith(parts.map(request.bufferFactory()::wrap));
	}

	/**
	 * The body of a response with any status.
	 * @param response the response
	 * @return its parts, as they are asked for
	 */
	public static Flux<byte[]> parts(ClientResponse response) {
		return response.body((message, context) -> message.getBody().map(Bodies::bytes));
	}

	/**
	 * The body of a successful response. A redirect is none: following it would send the
	 * token elsewhere, and what was sent is not there.
	 * @param response the response
	 * @return its parts; fails with {@link HttpStatusException}, and reads nothing, if
	 * the status is not successful
	 */
	public static Flux<byte[]> successful(ClientResponse response) {
		return response.statusCode().is2xxSuccessful() ? parts(response)
				: refuse(response, new HttpStatusException(response.statusCode().value()));
	}

	/**
	 * Refuses a response: its body, which may be endless, is not read, and the connection
	 * closed.
	 * @param response the response
	 * @param failure why
	 * @return fails
	 */
	public static Flux<byte[]> refuse(ClientResponse response, Throwable failure) {
		return parts(response).take(0).concatWith(Mono.error(failure));
	}

	/**
	 * Collects a body.
	 * @param parts its parts
	 * @param maxSize how many bytes it may have
	 * @param tooLong what is thrown when it has more
	 * @return the body
	 */
	public static Mono<byte[]> collect(Flux<byte[]> parts, int maxSize, Supplier<? extends RuntimeException> tooLong) {
		return parts.collect(ByteArrayOutputStream::new, (body, part) -> {
			if (body.size() + part.length > maxSize) {
				throw tooLong.get();
			}
			body.writeBytes(part);
		}).map(ByteArrayOutputStream::toByteArray);
	}

	private static byte[] bytes(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

}
