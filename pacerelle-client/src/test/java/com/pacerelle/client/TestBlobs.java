package com.pacerelle.client;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import com.pacerelle.client.codec.Digests;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The part of a relay that keeps encrypted files, which can be told to misbehave.
 */
public final class TestBlobs implements AutoCloseable {

	public static final String TOKEN = "token-1";

	private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private volatile @Nullable BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> behaviour;

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.handle(this::handle)
		.bindNow();

	public AgentGatewaySettings.Builder settings() {
		return AgentGatewaySettings.builder("agent-1", TOKEN)
			.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:" + this.server.port())));
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		this.requests.add(request.method() + " " + request.uri() + " " + request.requestHeaders().get("Authorization")
				+ " " + request.requestHeaders().get("Content-Type") + " "
				+ request.requestHeaders().get("Content-Length"));
		BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> current = this.behaviour;
		if (current != null) {
			return current.apply(request, response);
		}
		if (request.method().name().equals("POST")) {
			return request.receive().aggregate().asByteArray().defaultIfEmpty(new byte[0]).flatMap((body) -> {
				String id = "blob/" + (this.blobs.size() + 1) + " ?#%.*";
				this.blobs.put(id, body);
				return response.status(201)
					.sendString(Mono.just(TestRelay.JSON
						.writeValueAsString(Map.of("id", id, "sha256", sha256(body), "size", body.length))))
					.then();
			});
		}
		byte[] blob = this.blobs
			.get(URLDecoder.decode(request.uri().substring("/agent/blobs/".length()), StandardCharsets.UTF_8));
		return (blob != null)
				? response.header("Content-Length", String.valueOf(blob.length)).sendByteArray(Mono.just(blob))
				: response.sendNotFound();
	}

	private static String sha256(byte[] bytes) {
		return HexFormat.of().formatHex(Digests.sha256(bytes));
	}

	/**
	 * Answers all requests otherwise from now on.
	 * @param behaviour answers
	 */
	public void answer(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> behaviour) {
		this.behaviour = behaviour;
	}

	/**
	 * The encrypted files by their ids.
	 * @return the files, modifiable
	 */
	public Map<String, byte[]> blobs() {
		return this.blobs;
	}

	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofMinutes(1));
	}

}
