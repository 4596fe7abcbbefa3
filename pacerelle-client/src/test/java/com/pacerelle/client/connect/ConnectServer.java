package com.pacerelle.client.connect;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Keeps each request, and answers it as it was told.
 */
final class ConnectServer implements AutoCloseable {

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.handle(this::answer)
		.bindNow();

	private volatile int status = 200;

	private volatile Flux<String> body = Flux.empty();

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		return request.receive().aggregate().asString().defaultIfEmpty("").flatMap((text) -> {
			Map<String, String> headers = request.requestHeaders()
				.entries()
				.stream()
				.collect(Collectors.toMap((header) -> header.getKey().toLowerCase(), Map.Entry::getValue));
			this.requests.add(new Request(request.method() + " " + request.uri(), headers, text));
			return response.status(this.status).sendString(this.body).then();
		});
	}

	URI address() {
		return URI.create("http://127.0.0.1:" + this.server.port());
	}

	ConnectServer answerWith(int status, String body) {
		return answerWith(status, Flux.just(body));
	}

	ConnectServer answerWith(int status, Flux<String> body) {
		this.status = status;
		this.body = body;
		return this;
	}

	/**
	 * The only request that came.
	 * @return the request
	 */
	Request request() {
		if (this.requests.size() != 1) {
			throw new AssertionError("There are " + this.requests.size() + " requests instead of one");
		}
		return this.requests.get(0);
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofMinutes(1));
	}

	/**
	 * A request as it came.
	 *
	 * @param line method and target
	 * @param headers the headers, with lower-case names, none twice
	 * @param body the body
	 */
	record Request(String line, Map<String, String> headers, String body) {
	}

}
