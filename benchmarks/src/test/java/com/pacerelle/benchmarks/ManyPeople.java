package com.pacerelle.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.session.SessionCipher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A relay for many agents, in a process of its own, with one person for each: just enough
 * for {@link ManyAgents}. The token of an agent is its id.
 */
public final class ManyPeople {

	private static final ProtocolAddress AGENT = ProtocolAddress.of("agent");

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final Map<String, Person> people = new ConcurrentHashMap<>();

	private ManyPeople() {
	}

	/**
	 * Prints its port, and serves until its input ends.
	 * @param arguments none
	 * @throws IOException if there is no input
	 */
	public static void main(String... arguments) throws IOException {
		ManyPeople people = new ManyPeople();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.route((routes) -> routes
				.put("/agent/prekey-bundle",
						(request,
								response) -> response.sendString(text(request)
									.doOnNext((bundle) -> people.person(bearer(request)).meet(MAPPER.readTree(bundle)))
									.map((bundle) -> "{}")))
				.post("/agent/one-time-prekeys",
						(request, response) -> response.sendString(text(request).map((preKeys) -> "{}")))
				.get("/connected", (request, response) -> response.sendString(Mono.fromSupplier(people::connected)))
				.get("/echo",
						(request, response) -> response.sendString(people.echo().subscribeOn(Schedulers.parallel())))
				.get("/ws/agent", (request, response) -> {
					Person person = people.person(request.uri().substring(request.uri().indexOf("token=") + 6));
					return response.sendWebsocket((in, out) -> {
						Flux<String> frames = person.connect();
						return out.sendString(frames)
							.then()
							.and(in.aggregateFrames().receive().asString().doOnNext(person::receive).then());
					});
				}))
			.bindNow();
		System.out.println(server.port());
		while (System.in.read() >= 0) {
			// The agents' process lives.
		}
		server.disposeNow();
	}

	private Person person(String agentId) {
		return this.people.computeIfAbsent(agentId, Person::new);
	}

	private String connected() {
		return String.valueOf(this.people.values().stream().filter((person) -> person.connected).count());
	}

	/** Each person writes, and waits for the answer. */
	private Mono<String> echo() {
		return Flux.fromIterable(List.copyOf(this.people.values()))
			.flatMap(Person::write, 10_000)
			.then(Mono.just("done"));
	}

	private static Mono<String> text(HttpServerRequest request) {
		return request.receive().aggregate().asString();
	}

	private static String bearer(HttpServerRequest request) {
		return request.requestHeaders().get("Authorization").substring("Bearer ".length());
	}

	/**
	 * A person who talks with one agent.
	 */
	private static final class Person {

		private final String agentId;

		private final InMemorySignalStore store = new InMemorySignalStore(EcKeyPair.generate(RANDOM), 5);

		private Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();

		private Sinks.One<String> answer = Sinks.one();

		private volatile boolean connected;

		Person(String agentId) {
			this.agentId = agentId;
		}

		synchronized void meet(JsonNode bundle) {
			SessionCipher cipher = cipher();
			cipher.process(AGENT,
					new PreKeyBundle(bundle.get("registration_id").intValue(), 1, key(bundle, "identity_key"),
							bundle.get("signed_prekey_id").intValue(), key(bundle, "signed_prekey_public"),
							bytes(bundle, "signed_prekey_signature"), bundle.get("kyber_prekey_id").intValue(),
							bytes(bundle, "kyber_prekey_public"), bytes(bundle, "kyber_prekey_signature"), null, null));
			this.store.commit(cipher.changes());
		}

		synchronized Flux<String> connect() {
			this.frames = Sinks.many().unicast().onBackpressureBuffer();
			this.connected = true;
			return this.frames.asFlux();
		}

		synchronized Mono<String> write() {
			this.answer = Sinks.one();
			SessionCipher cipher = cipher();
			byte[] payload = cipher.encrypt(AGENT, "Hello".getBytes(StandardCharsets.UTF_8));
			this.store.commit(cipher.changes());
			this.frames.tryEmitNext(MAPPER.writeValueAsString(Map.of("type", "MSG", "id", UUID.randomUUID().toString(),
					"from", "person", "conversation_id", "conversation", "to", this.agentId, "encrypted", true,
					"payload_b64", Base64.getEncoder().encodeToString(payload))));
			return this.answer.asMono();
		}

		synchronized void receive(String text) {
			JsonNode frame = MAPPER.readTree(text);
			if (frame.get("type").stringValue().equals("MSG")) {
				SessionCipher cipher = cipher();
				byte[] answer = cipher.decrypt(AGENT, bytes(frame, "payload_b64"));
				this.store.commit(cipher.changes());
				this.answer.tryEmitValue(new String(answer, StandardCharsets.UTF_8));
			}
		}

		private SessionCipher cipher() {
			return new SessionCipher(this.store, RANDOM, Clock.systemUTC());
		}

		private static EcPublicKey key(JsonNode node, String field) {
			return EcPublicKey.decode(bytes(node, field));
		}

		private static byte[] bytes(JsonNode node, String field) {
			return Base64.getDecoder().decode(node.get(field).stringValue());
		}

	}

}
