package com.pacerelle.test;

import java.time.Duration;
import java.util.Objects;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.TimeSource;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.autoconfigure.DevRelayAutoConfiguration;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the people of a test. A
 * development run, which has the same class path, is none.
 */
@AutoConfiguration(after = DevRelayAutoConfiguration.class)
@ConditionalOnBooleanProperty({ "pacerelle.dev-relay.enabled", "pacerelle.test.enabled" })
public final class PacerelleTestAutoConfiguration {

	/** Long: a busy machine is slow, and what comes wrongly fails at once. */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	PacerelleTestAutoConfiguration() {
	}

	/** Before the store: it is made able to crash. */
	@Bean
	static CrashingStorePostProcessor crashingStorePostProcessor() {
		return new CrashingStorePostProcessor();
	}

	@Bean
	TestAgent testAgent(DevRelay relay, ObjectProvider<AgentGatewayClient> client, CrashingStorePostProcessor store,
			Environment environment) {
		return new TestAgent(relay, client, store, timeout(environment));
	}

	@Bean
	SmartInitializingSingleton testAgentObserver(TestAgent agent) {
		return agent::watch;
	}

	@Bean
	TestPeople testPeople(DevRelay relay, TestAgent agent, Environment environment) {
		return new TestPeople(relay, agent, timeout(environment));
	}

	/** A new one for each field or parameter: tests do not meet. */
	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	TestPerson testPerson(TestPeople people, InjectionPoint injectionPoint) {
		String name = (injectionPoint instanceof DependencyDescriptor descriptor) ? descriptor.getDependencyName()
				: null;
		return people.person(Objects.requireNonNullElse(name, "person"));
	}

	@Bean
	TestClock testClock() {
		return new TestClock();
	}

	@Bean
	@ConditionalOnMissingBean
	TimeSource testTimeSource(TestClock clock) {
		return clock.timeSource();
	}

	@Bean
	CanaryObservationHandler canaryObservationHandler() {
		return new CanaryObservationHandler();
	}

	private static Duration timeout(Environment environment) {
		return environment.getProperty("pacerelle.test.timeout", Duration.class, TIMEOUT);
	}

}
