package com.pacerelle.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.pacerelle.signal.SignalProtocolException;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
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

	private static final int MAX_FILES = 32 * 1024 * 1024;

	/** Types that a browser shows without running anything in them. */
	private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

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
		serve(routes, "/columns.js", "columns.js", "text/javascript; charset=utf-8");
		serve(routes, "/icon.svg", "icon.svg", "image/svg+xml");
		routes.get("/chat/changes", guarded(this::changes))
			.post("/chat/messages", guarded(this::send))
			.post("/chat/files", guarded(this::sendFiles))
			.get("/chat/files/{message}/{index}", guarded(this::file))
			.post("/chat/people", guarded(this::addPerson))
			.post("/chat/devices", guarded(this::addDevice))
			.post("/chat/groups", guarded(this::addGroup))
			.post("/chat/faults", guarded(this::fault))
			.post("/chat/dead-letters", guarded(this::decideOnDeadLetter))
			.post("/chat/known-devices", guarded(this::decideOnDevice))
			.get("/chat/scenes/{participant}", guarded(this::scene))
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
			this.chat.send(message.optionalString("participant"), message.string("text"));
			return withSecurityHeaders(response).status(204).send();
		});
	}

	private Publisher<Void> sendFiles(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_FILES).publishOn(this.worker).flatMap((body) -> {
			StrictObject message = StrictObject.parse("The message", body);
			List<PersonFile> files = message.objects("files").stream().map(PageEndpoints::personFile).toList();
			this.chat.send(message.optionalString("participant"),
					Objects.requireNonNullElse(message.optionalString("text"), ""), message.optionalString("ref"),
					files);
			return withSecurityHeaders(response).status(204).send();
		});
	}

	/** An empty file has no content, and a browser does not know every type. */
	private static PersonFile personFile(StrictObject file) {
		String name = file.string("name");
		String mime = file.optionalString("mime");
		byte[] content = (file.optionalString("content_b64") != null) ? file.base64("content_b64") : new byte[0];
		return (mime != null) ? new PersonFile(name, mime, content) : PersonFile.of(name, content);
	}

	private Publisher<Void> file(HttpServerRequest request, HttpServerResponse response) {
		String message = Objects.requireNonNull(request.param("message"));
		String index = Objects.requireNonNull(request.param("index"));
		return Mono.justOrEmpty(index)
			.filter((number) -> number.matches("\\d{1,4}"))
			.publishOn(this.worker)
			.mapNotNull((number) -> this.chat.file(message, Integer.parseInt(number)))
			.flatMap((file) -> download(response, file).thenReturn(true))
			.switchIfEmpty(Mono.defer(() -> refuse(response, 404, "There is no such file").thenReturn(false)))
			.then();
	}

	private static Mono<Void> download(HttpServerResponse response, PersonFile file) {
		byte[] content = file.content();
		String type = IMAGES.contains(file.mime()) ? file.mime() : "application/octet-stream";
		String name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
		return head(response, type, content.length)
			.header(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + name)
			.sendByteArray(Mono.just(content))
			.then();
	}

	private Publisher<Void> addPerson(HttpServerRequest request, HttpServerResponse response) {
		return add(request, response, (added) -> this.chat.addPerson(added.string("name")));
	}

	private Publisher<Void> addDevice(HttpServerRequest request, HttpServerResponse response) {
		return add(request, response, (added) -> this.chat.addDevice(added.string("participant")));
	}

	private Publisher<Void> addGroup(HttpServerRequest request, HttpServerResponse response) {
		return add(request, response, (added) -> this.chat.addGroup(added.strings("members")));
	}

	private Publisher<Void> add(HttpServerRequest request, HttpServerResponse response,
			Function<StrictObject, String> added) {
		return RequestBody.read(request, MAX_POST)
			.publishOn(this.worker)
			.map((body) -> added.apply(StrictObject.parse("The request", body)))
			.flatMap((id) -> Json.send(withSecurityHeaders(response), 201, Map.of("id", id)));
	}

	private Publisher<Void> fault(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_POST).publishOn(this.worker).flatMap((body) -> {
			StrictObject fault = StrictObject.parse("The fault", body);
			cause(fault.string("fault"), fault.optionalString("participant"));
			return withSecurityHeaders(response).status(204).send();
		});
	}

	private void cause(String fault, @Nullable String participant) {
		switch (fault) {
			case "disconnect" -> this.chat.disconnect();
			case "refuse-token" -> this.chat.refuseToken(true);
			case "accept-token" -> this.chat.refuseToken(false);
			case "drop" -> this.chat.failNext(Fault.DROP);
			case "duplicate" -> this.chat.failNext(Fault.DUPLICATE);
			case "delay" -> this.chat.failNext(Fault.DELAY);
			case "reorder" -> this.chat.failNext(Fault.REORDER);
			case "corrupt" -> this.chat.failNext(Fault.CORRUPT);
			case "new-identity" -> this.chat.renewIdentity(participant);
			default -> throw new ProtocolViolationException("There is no such fault");
		}
	}

	private Publisher<Void> decideOnDeadLetter(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_POST).publishOn(this.worker).flatMap((body) -> {
			StrictObject decision = StrictObject.parse("The decision", body);
			return this.chat.decideOnDeadLetter(decision.string("messageId"), decision.string("decision"));
		}).then(Mono.defer(() -> withSecurityHeaders(response).status(204).send()));
	}

	private Publisher<Void> decideOnDevice(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_POST).publishOn(this.worker).flatMap((body) -> {
			StrictObject decision = StrictObject.parse("The decision", body);
			return this.chat.decideOnDevice(decision.string("userId"), decision.string("verificationCode"),
					decision.string("decision"));
		}).then(Mono.defer(() -> withSecurityHeaders(response).status(204).send()));
	}

	private Publisher<Void> scene(HttpServerRequest request, HttpServerResponse response) {
		String participant = Objects.requireNonNull(request.param("participant"));
		return Mono.fromCallable(() -> this.chat.scene(participant).getBytes(StandardCharsets.UTF_8))
			.subscribeOn(this.worker)
			.flatMap((source) -> head(response, "text/plain; charset=utf-8", source.length)
				.header(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename=SceneTests.java")
				.sendByteArray(Mono.just(source))
				.then());
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
