package com.pacerelle.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;

import com.pacerelle.signal.SignalProtocolException;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The chat page: its files, its stream of changes, and what it posts.
 */
final class PageEndpoints {

	/** Only files of this server, no inline script, no frame, no form, no other site. */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final int MAX_POST = 512 * 1024;

	private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

	private final Chat chat;

	private final Scheduler worker;

	PageEndpoints(Chat chat, Scheduler worker) {
		this.chat = chat;
		this.worker = worker;
	}

	void register(HttpServerRoutes routes) {
		serve(routes, "/", "chat.html", "text/html; charset=utf-8");
		serve(routes, "/chat.css", "chat.css", "text/css; charset=utf-8");
		serve(routes, "/chat.js", "chat.js", "text/javascript; charset=utf-8");
		serve(routes, "/widgets.js", "widgets.js", "text/javascript; charset=utf-8");
		serve(routes, "/icon.svg", "icon.svg", "image/svg+xml");
		routes.get("/chat/changes", guarded(this::changes))
			.post("/chat/messages", guarded(this::send))
			.post("/chat/trust", guarded(this::trust));
	}

	private Publisher<Void> changes(HttpServerRequest request, HttpServerResponse response) {
		Flux<String> changes = this.chat.changes()
			.map((change) -> "event: " + change.getClass().getSimpleName() + "\ndata: " + Json.write(change) + "\n\n");
		Flux<String> keepAlive = Flux.interval(KEEP_ALIVE).onBackpressureDrop().map((tick) -> ":\n\n");
		return withSecurityHeaders(response).sse().sendString(Flux.merge(changes, keepAlive));
	}

	private Publisher<Void> send(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_POST).publishOn(this.worker).flatMap((body) -> {
			StrictObject message = StrictObject.parse("The message", body);
			this.chat.send(message.string("text"));
			return withSecurityHeaders(response).status(204).send();
		});
	}

	private Publisher<Void> trust(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_POST).publishOn(this.worker).flatMap((body) -> {
			this.chat.trustNewIdentity();
			return withSecurityHeaders(response).status(204).send();
		});
	}

	private BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> guarded(
			BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> endpoint) {
		return (request, response) -> {
			if (!RequestGuard.isFromOwnPage(request)) {
				return RequestBody.discard(request)
					.then(refuse(response, 403, "Only the relay's own page may do this"));
			}
			return Flux.from(endpoint.apply(request, response))
				.onErrorResume(ProtocolViolationException.class, (ex) -> refuse(response, 400, ex))
				.onErrorResume(RequestBody.TooLargeException.class, (ex) -> refuse(response, 413, ex))
				.onErrorResume(IllegalStateException.class, (ex) -> refuse(response, 409, ex))
				.onErrorResume(SignalProtocolException.class, (ex) -> refuse(response, 409, ex));
		};
	}

	private static void serve(HttpServerRoutes routes, String path, String name, String type) {
		byte[] content = read(name);
		routes.get(path, (request, response) -> head(response, type, content.length).sendByteArray(Mono.just(content)));
		routes.head(path, (request, response) -> head(response, type, content.length).send());
	}

	private static HttpServerResponse head(HttpServerResponse response, String type, int length) {
		return withSecurityHeaders(response).header(HttpHeaderNames.CONTENT_TYPE, type)
			.header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(length));
	}

	private static byte[] read(String name) {
		try (InputStream file = PageEndpoints.class.getResourceAsStream("page/" + name)) {
			if (file == null) {
				throw new IllegalStateException("The page's file " + name + " is missing");
			}
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Mono<Void> refuse(HttpServerResponse response, int status, RuntimeException ex) {
		return refuse(response, status, String.valueOf(ex.getMessage()));
	}

	private static Mono<Void> refuse(HttpServerResponse response, int status, String reason) {
		return Json.send(withSecurityHeaders(response), status, Map.of("error", reason));
	}

	private static HttpServerResponse withSecurityHeaders(HttpServerResponse response) {
		return response.header(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
			.header("X-Content-Type-Options", "nosniff")
			.header(HttpHeaderNames.CACHE_CONTROL, "no-store")
			.header(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
			.header("Referrer-Policy", "no-referrer")
			.header("Cross-Origin-Opener-Policy", "same-origin")
			.header("Cross-Origin-Resource-Policy", "same-origin");
	}

}
