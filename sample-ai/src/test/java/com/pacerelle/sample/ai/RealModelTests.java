package com.pacerelle.sample.ai;

import java.net.InetSocketAddress;
import java.time.Duration;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A real model by configuration: a server that speaks OpenAI's protocol.
 */
@SpringBootTest(properties = { "pacerelle.dev-relay.enabled=true", "spring.ai.model.chat=openai",
		"spring.ai.openai.api-key=key", "spring.ai.openai.chat.options.model=small" })
class RealModelTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Sinks.Many<String> requests = Sinks.many().replay().all();

	private static final DisposableServer server = HttpServer.create()
		.bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
		.route((routes) -> routes.post("/v1/chat/completions",
				(request, response) -> request.receive()
					.aggregate()
					.asString()
					.doOnNext(requests::tryEmitNext)
					.thenMany(response.sse()
						.sendString(Flux.just(chunk("I am "), chunk("a real "), chunk("model"), "data: [DONE]\n\n")))))
		.bindNow();

	@Autowired
	private DevRelay relay;

	@DynamicPropertySource
	static void model(DynamicPropertyRegistry properties) {
		properties.add("spring.ai.openai.base-url", () -> "http://127.0.0.1:" + server.port() + "/v1");
	}

	@AfterAll
	static void stop() {
		server.disposeNow();
	}

	@Test
	void aRealModelAnswersInOneMessage() {
		await().atMost(PATIENCE).until(this.relay::isAgentConnected);
		Person alice = this.relay.person("alice", "conversation", "phone");
		ReceivedMessage reply = alice.received()
			.filter((message) -> !message.text().startsWith("{"))
			.doOnSubscribe((subscription) -> alice.send("Hello, model"))
			.blockFirst(PATIENCE);
		assertThat(reply).extracting(ReceivedMessage::text).isEqualTo("I am a real model");
		assertThat(requests.asFlux().blockFirst(PATIENCE)).contains("Hello, model", "ask_person_to_choose",
				"write_note");
	}

	private static String chunk(String content) {
		return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"small\",\"choices\":"
				+ "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"" + content
				+ "\"},\"finish_reason\":null}]}\n\n";
	}

}
