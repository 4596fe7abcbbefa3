package com.pacerelle.spring.boot.autoconfigure;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.spring.boot.actuate.PacerelleActuatorAutoConfiguration;
import com.pacerelle.spring.boot.actuate.PacerelleAgentsEndpoint;
import com.pacerelle.spring.boot.actuate.PacerelleEndpoint;
import com.pacerelle.spring.boot.actuate.PacerelleInfoContributor;
import com.pacerelle.spring.boot.actuate.PacerelleMetrics;
import com.pacerelle.spring.client.AgentEvent;
import com.pacerelle.spring.handler.InvalidHandlerException;
import com.pacerelle.spring.handler.PacerelleHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SeveralAgents}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SeveralAgentsTests {

	@TempDir
	Path storeRoot;

	@Test
	void eachHasAClientOfItsNameWithAStoreOfItsOwn(CapturedOutput output) {
		withAgents().withPropertyValues("pacerelle.log-verification-code=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(AgentGatewayClient.class)).containsOnlyKeys("support", "sales");
			assertThat(context.getBeansOfType(AgentGatewayLifecycle.class)).hasSize(2)
				.allSatisfy((name, lifecycle) -> assertThat(lifecycle.isRunning()).isTrue());
			assertThat(context.getBeansOfType(AgentStore.class)).hasSize(2);
			assertThat(this.storeRoot.resolve("agent-1")).isDirectory();
			assertThat(this.storeRoot.resolve("agent-2")).isDirectory();
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.support).isSameAs(context.getBean("support"));
			assertThat(injected.all).containsOnlyKeys("support", "sales");
			assertThat(output).contains("Agent 'agent-1' (support) starts: 2 handler(s)")
				.contains("Agent 'agent-2' (sales) starts: 1 handler(s)")
				.contains("Verification code of agent 'support'")
				.doesNotContain("token-1")
				.doesNotContain("token-2");
		});
	}

	@Test
	void theyInheritWhatTheyDoNotSet() {
		withAgents().withPropertyValues("pacerelle.agents.sales.base-url=http://127.0.0.1:2", "pacerelle.concurrency=7")
			.run((context) -> {
				AgentGatewaySettings support = context.getBean("pacerelle.agents.support.settings",
						AgentGatewaySettings.class);
				AgentGatewaySettings sales = context.getBean("pacerelle.agents.sales.settings",
						AgentGatewaySettings.class);
				assertThat(support.agentId()).isEqualTo("agent-1");
				assertThat(support.token()).isEqualTo("token-1");
				assertThat(support.connection().baseUrl()).hasPort(1);
				assertThat(sales.connection().baseUrl()).hasPort(2);
				assertThat(sales.handling().concurrency()).isEqualTo(7);
			});
	}

	@Test
	void aListenerKnowsTheAgentOrOnlyTheEvent() {
		withAgents().withBean(Listener.class).run((context) -> {
			ApplicationEvents events = new ApplicationEvents(context);
			events.publish("support", new GatewayEvent.IdentityChanged("alice"));
			events.publish("sales", new GatewayEvent.IdentityChanged("bob"));
			Listener listener = context.getBean(Listener.class);
			assertThat(listener.agents).containsExactly("support: alice", "sales: bob");
			assertThat(listener.all).contains("support", "sales");
			assertThat(listener.peers).containsExactly("alice", "bob");
		});
	}

	@Test
	void operatorsSeeEachAgent() {
		withAgents().run((context) -> {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(PacerelleMetrics.class).bindTo(registry);
			assertThat(registry.get("pacerelle.connected").tag("agent", "support").gauge().value()).isZero();
			assertThat(registry.get("pacerelle.connected").gauges()).hasSize(2);
			assertThat(context.getBean("pacerelleHealthIndicator", CompositeHealthContributor.class))
				.extracting(CompositeHealthContributor.Entry::name)
				.containsExactlyInAnyOrder("support", "sales");
			Info.Builder info = new Info.Builder();
			context.getBean(PacerelleInfoContributor.class).contribute(info);
			assertThat(info.build().toString()).contains("agent-1", "agent-2").doesNotContain("token-");
			assertThat(context).doesNotHaveBean(PacerelleEndpoint.class);
			PacerelleAgentsEndpoint endpoint = context.getBean(PacerelleAgentsEndpoint.class);
			assertThat(endpoint.agents()).containsOnlyKeys("support", "sales");
			assertThat(endpoint.agent("support")).isNotNull();
			assertThat(endpoint.agent("nobody")).isNull();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.decide("nobody", PacerelleEndpoint.Decision.DISCARD, "m-1"));
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.decide("support", PacerelleEndpoint.Decision.DISCARD, "m-1"));
		});
	}

	@Test
	void oneOfThemIsSeenAsASingleAgentIs() {
		withAgent("support", 1).run((context) -> {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(PacerelleMetrics.class).bindTo(registry);
			assertThat(registry.get("pacerelle.connected").gauge().getId().getTags()).isEmpty();
			assertThat(context).hasSingleBean(PacerelleEndpoint.class)
				.doesNotHaveBean(PacerelleAgentsEndpoint.class)
				.hasSingleBean(AgentGatewayLifecycle.class);
		});
	}

	@Test
	void credentialsThatAreMissingAreAllNamed() {
		application()
			.withPropertyValues("pacerelle.agents.support.agent-id=agent-1", "pacerelle.agents.sales.token=<token>")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageContaining("'pacerelle.agents.support.token' has no value.")
				.hasMessageContaining("'pacerelle.agents.sales.agent-id' has no value.")
				.hasMessageContaining("'pacerelle.agents.sales.token' has a placeholder"));
	}

	@Test
	void twoAgentsWithOneIdFail() {
		withAgents().withPropertyValues("pacerelle.agents.sales.agent-id=agent-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'pacerelle.agents.support.agent-id'")
				.hasMessageContaining("'pacerelle.agents.sales.agent-id'")
				.hasMessageContaining("are the same"));
	}

	@Test
	void oneMoreAgentBesideThemFails() {
		withAgents().withPropertyValues("pacerelle.agent-id=agent-3", "pacerelle.token=token-3")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageContaining("'pacerelle.agents' has others"));
	}

	@Test
	void theStoreOfOneAgentIsNotThatOfAll() {
		withAgents().withPropertyValues("pacerelle.store.import-from=signal.db")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'pacerelle.store.import-from'"));
	}

	@Test
	void aFileThatIsNotThereIsNamedAsThatOfTheAgent() {
		withAgents().withPropertyValues("pacerelle.agents.sales.import-from=a\0b")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'pacerelle.agents.sales.import-from'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[a.b]", "[a b]", "1st" })
	void aNameThatIsNoneFails(String name) {
		application()
			.withPropertyValues("pacerelle.agents." + name + ".agent-id=agent-1",
					"pacerelle.agents." + name + ".token=token-1")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageContaining("with the name"));
	}

	@Test
	void aNameThatABeanHasFails() {
		withAgents().withBean("sales", Object.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageContaining("'sales'")
				.hasMessageContaining("another bean of this name"));
	}

	@Test
	void aHandlerForAnAgentThatIsNotThereFails() {
		withAgent("sales", 2).run((context) -> assertThat(context).getFailure()
			.isInstanceOf(InvalidHandlerException.class)
			.hasMessageContaining("'support'"));
	}

	@Test
	void theirBeansCanBeProcessedAheadOfTime() {
		withAgents().run((context) -> {
			ConfigurableListableBeanFactory beanFactory = context.getSourceApplicationContext().getBeanFactory();
			assertThat(RegisteredBean.of(beanFactory, "support").resolveInstantiationDescriptor().executable())
				.isInstanceOfSatisfying(Method.class, (method) -> assertThat(method.getName()).isEqualTo("client"));
			assertThat(((RootBeanDefinition) beanFactory.getMergedBeanDefinition("support")).getInstanceSupplier())
				.isNull();
		});
	}

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PacerelleAutoConfiguration.class, PacerelleActuatorAutoConfiguration.class))
			.withPropertyValues("pacerelle.store.root=" + this.storeRoot, "pacerelle.base-url=http://127.0.0.1:1",
					"pacerelle.shutdown-grace=0", "management.endpoints.web.exposure.include=*")
			.withBean(Handlers.class);
	}

	private ApplicationContextRunner withAgent(String name, int number) {
		return agent(application(), name, number);
	}

	private ApplicationContextRunner withAgents() {
		return agent(withAgent("support", 1), "sales", 2).withBean(Injected.class);
	}

	private static ApplicationContextRunner agent(ApplicationContextRunner application, String name, int number) {
		return application.withPropertyValues("pacerelle.agents." + name + ".agent-id=agent-" + number,
				"pacerelle.agents." + name + ".token=token-" + number);
	}

	static class Handlers {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

		@PacerelleHandler(command = "/help", agent = "support")
		String help() {
			return "Ask me anything";
		}

	}

	static class Injected {

		final AgentGatewayClient support;

		final Map<String, AgentGatewayClient> all;

		Injected(@Qualifier("support") AgentGatewayClient support, Map<String, AgentGatewayClient> all) {
			this.support = support;
			this.all = all;
		}

	}

	static class Listener {

		final List<String> agents = new CopyOnWriteArrayList<>();

		final List<String> all = new CopyOnWriteArrayList<>();

		final List<String> peers = new CopyOnWriteArrayList<>();

		@EventListener
		void changed(AgentEvent<GatewayEvent.IdentityChanged> event) {
			this.agents.add(event.getAgent() + ": " + event.getPayload().peerId());
		}

		@EventListener
		void any(AgentEvent<?> event) {
			this.all.add(event.getAgent());
		}

		@EventListener
		void changed(GatewayEvent.IdentityChanged event) {
			this.peers.add(event.peerId());
		}

	}

}
