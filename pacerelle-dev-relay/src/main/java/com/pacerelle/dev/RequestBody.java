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
	 * Reads a body into memory. One beyond the limit is read to its end as well, for else
	 * the connection is reset before the client has seen the answer.
	 * @param request the request
	 * @param limit how many bytes are accepted
	 * @return the bytes; fails with {@link TooLargeException} beyond the limit
	 */
	static Mono<byte[]> read(HttpServerRequest request, int limit) {
		return request.receive().asByteArray().collect(() -> new Buffer(limit), Buffer::add).map(Buffer::toByteArray);
	}

	/**
	 * Reads a body to its end and forgets it.
	 * @param request the request
	 * @return completes at the end
	 */
	static Mono<Void> discard(HttpServerRequest request) {
		return request.receive().then();
	}

	private static final class Buffer {

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		private final int limit;

		private boolean tooLarge;

		Buffer(int limit) {
			this.limit = limit;
		}

		void add(byte[] part) {
			this.tooLarge |= this.body.size() + part.length > this.limit;
			if (!this.tooLarge) {
				this.body.writeBytes(part);
			}
		}

		byte[] toByteArray() {
			if (this.tooLarge) {
				throw new TooLargeException(this.limit);
			}
			return this.body.toByteArray();
		}

	}

	static final class TooLargeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private TooLargeException(int limit) {
			super("The body has more than " + limit + " bytes");
		}

	}

}
