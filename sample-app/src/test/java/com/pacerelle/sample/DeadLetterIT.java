package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A message that can never be handled, in the sample as an application: over any number
 * of reconnects and restarts it is tried as often as allowed, its sender is told, and it
 * is kept until its cause is gone.
 */
class DeadLetterIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final AtomicInteger calls = new AtomicInteger();

	private static final AtomicBoolean broken = new AtomicBoolean(true);

	@TempDir
	private Path store;

	@AutoClose
	private final DevRelay relay = DevRelay.start();

	@Test
	void endsAndIsHandledWhenItsCauseIsGone() {
		Person alice;
		String id;
		Flux<ReceivedMessage> received;
		try (ConfigurableApplicationContext agent = start()) {
			alice = this.relay.person("alice", "c-alice", "phone");
			received = alice.received().replay().autoConnect(0);
			id = alice.send("/broken");
			await().atMost(TIMEOUT).until(() -> calls.get() == 1);
			this.relay.disconnectAgent();
			await().atMost(TIMEOUT).until(() -> calls.get() >= 2);
			assertThat(agent.isActive()).isTrue();
		}
		try (ConfigurableApplicationContext agent = start()) {
			await().atMost(TIMEOUT).until(() -> this.relay.unacknowledged().isEmpty());
			assertThat(received.filter((message) -> id.equals(message.replyToMessageId())).blockFirst(TIMEOUT).text())
				.isEqualTo("Something went wrong, and your message could not be handled");
			assertThat(agent.isActive()).isTrue();
		}
		int tried = calls.get();
		// One that a stop has interrupted does not count.
		assertThat(tried).isBetween(4, 5);
		try (ConfigurableApplicationContext agent = start()) {
			this.relay.disconnectAgent();
			await().atMost(TIMEOUT).until(this.relay::isAgentConnected);
			assertThat(received.blockFirst(TIMEOUT)).isNotNull();
			AgentGatewayClient client = agent.getBean(AgentGatewayClient.class);
			assertThat(client.deadLetters()).singleElement().satisfies((letter) -> {
				assertThat(letter.messageId()).isEqualTo(id);
				assertThat(letter.attempts()).isEqualTo(4);
				assertThat(letter.failure()).isEqualTo(IllegalStateException.class.getName());
			});
			assertThat(calls).hasValue(tried);
			broken.set(false);
			client.retryDeadLetter(client.deadLetters().stream().map(DeadLetter::messageId).findFirst().orElseThrow())
				.block(TIMEOUT);
			await().atMost(TIMEOUT).until(() -> client.deadLetters().isEmpty());
			assertThat(received.filter((message) -> message.text().equals("mended")).blockFirst(TIMEOUT)).isNotNull();
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	private ConfigurableApplicationContext start() {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(SampleApplication.class, Broken.class)
			.web(WebApplicationType.NONE)
			.properties("pacerelle.agent-id=" + this.relay.agentId(), "pacerelle.token=" + this.relay.token(),
					"pacerelle.base-url=" + this.relay.baseUrl(), "pacerelle.store.root=" + this.store)
			.run();
		await().atMost(TIMEOUT).until(this.relay::isAgentConnected);
		return context;
	}

	static class Broken {

		@PacerelleHandler(command = "/broken", attempts = 4, backoffMillis = 500)
		String broken() {
			calls.incrementAndGet();
			if (broken.get()) {
				throw new IllegalStateException("broken");
			}
			return "mended";
		}

	}

}
