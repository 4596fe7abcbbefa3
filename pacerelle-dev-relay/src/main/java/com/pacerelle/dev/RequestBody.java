package com.pacerelle.dev;

import java.io.ByteArrayOutputStream;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The body of a request, up to a limit.
 */
final class RequestBody {

	private RequestBody() {
	}

	/**
	 * Reads a body into memory.
	 * @param request the request
	 * @param limit how many bytes are accepted
	 * @return the bytes; fails with {@link TooLargeException} beyond the limit
	 */
	static Mono<byte[]> read(HttpServerRequest request, int limit) {
		return request.receive().asByteArray().collect(ByteArrayOutputStream::new, (body, part) -> {
			if (body.size() + part.length > limit) {
				throw new TooLargeException(limit);
			}
			body.writeBytes(part);
		}).map(ByteArrayOutputStream::toByteArray);
	}

	static final class TooLargeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private TooLargeException(int limit) {
			super("The body has more than " + limit + " bytes");
		}

	}

}
