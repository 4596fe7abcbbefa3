package com.pacerelle.dev;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers in JSON.
 */
final class Json {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private Json() {
	}

	static Mono<Void> send(HttpServerResponse response, int status, Object value) {
		return response.status(status)
			.header(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
			.sendByteArray(Mono.just(MAPPER.writeValueAsBytes(value)))
			.then();
	}

	static String write(Object value) {
		return MAPPER.writeValueAsString(value);
	}

}
