package com.pacerelle.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.client.AgentEvent;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two agents in one application, each with people of its own. The code of
 * {@code docs/several-agents.md}.
 */
class SeveralAgentsTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final DevRelay support = DevRelay.start(0, "agent-1", "token-1");

	private final DevRelay sales = DevRelay.start(0, "agent-2", "token-2");

	@TempDir
	Path storeRoot;

	@AfterEach
	void close() {
		this.support.close();
		this.sales.close();
	}

	@Test
	void eachAgentAnswersItsPeopleWithItsHandlers() {
		try (ConfigurableApplicationContext context = start()) {
			Person alice = this.support.person("alice", "c-1", "phone");
			Person bob = this.sales.person("bob", "c-2", "phone");
			assertThat(reply(alice, alice.send("hello"))).isEqualTo("support hears: hello");
			assertThat(reply(bob, bob.send("hello"))).isEqualTo("Received: hello");
			assertThat(reply(bob, bob.send("/price"))).isEqualTo("12 euros");
			assertThat(reply(alice, alice.send("/price"))).isEqualTo("support hears: /price");
			context.getBean(Escalation.class).escalate("c-1", "alice").block(PATIENCE);
			assertThat(alice.received()
				.map(ReceivedMessage::text)
				.filter("A colleague takes over"::equals)
				.next()
				.block(PATIENCE)).isNotNull();
			Map<String, AgentGatewayClient> clients = context.getBeansOfType(AgentGatewayClient.class);
			assertThat(clients).containsOnlyKeys("support", "sales");
			assertThat(clients.get("support")).isSameAs(context.getBean(Escalation.class).client);
			await().untilAsserted(() -> assertThat(context.getBean(Operator.class).connected)
				.containsExactlyInAnyOrder("support", "sales"));
		}
		assertThat(this.support.violations()).isEmpty();
		assertThat(this.sales.violations()).isEmpty();
	}

	private ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(Map.of("pacerelle.agents.support.agent-id", "agent-1", "pacerelle.agents.support.token",
					"token-1", "pacerelle.agents.support.base-url", this.support.baseUrl().toString(),
					"pacerelle.agents.sales.agent-id", "agent-2", "pacerelle.agents.sales.token", "token-2",
					"pacerelle.agents.sales.base-url", this.sales.baseUrl().toString(), "pacerelle.store.root",
					this.storeRoot.toString(), "pacerelle.fail-fast", "true", "pacerelle.shutdown-grace", "0"))
			.run();
	}

	private static String reply(Person person, String messageId) {
		return Objects.requireNonNull(person.reply(messageId).block(PATIENCE)).text();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Everybody.class, SupportDesk.class, Sales.class, Escalation.class, Operator.class })
	static class Application {

	}

	// tag::handlers[]
	@Component
	static class Everybody {

		@PacerelleHandler
		String echo(AgentMessage message) {
			return "Received: " + message.text();
		}

	}

	@Component
	static class SupportDesk {

		@PacerelleHandler(agent = "support")
		String listen(AgentMessage message) {
			return "support hears: " + message.text();
		}

	}

	@Component
	@PacerelleHandler(agent = "sales")
	static class Sales {

		@PacerelleHandler("/price")
		String price() {
			return "12 euros";
		}

	}
	// end::handlers[]

	// tag::client[]
	@Component
	static class Escalation {

		private final AgentGatewayClient client;

		Escalation(@Qualifier("support") AgentGatewayClient client) {
			this.client = client;
		}

		Mono<Void> escalate(String conversationId, String userId) {
			return this.client.conversation(userId, conversationId).sendMessage("A colleague takes over").then();
		}

	}
	// end::client[]

	// tag::events[]
	@Component
	static class Operator {

		private final List<String> connected = new CopyOnWriteArrayList<>();

		@EventListener
		void changed(AgentEvent<GatewayEvent.ConnectionChanged> event) {
			if (event.getPayload().state() == ConnectionState.CONNECTED) {
				this.connected.add(event.getAgent());
			}
		}

	}
	// end::events[]

}
