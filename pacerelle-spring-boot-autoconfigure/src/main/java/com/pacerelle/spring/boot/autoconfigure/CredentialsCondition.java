package com.pacerelle.spring.boot.autoconfigure;

import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewaySettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Whether there is an agent, as far as credentials go. A test without any has none: the
 * generated test of a new application would fail. Everywhere else missing credentials are
 * an error.
 */
final class CredentialsCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final Log logger = LogFactory.getLog(CredentialsCondition.class);

	/** Set by the bootstrapper of Spring Boot's tests. */
	private static final String TEST = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Pacerelle credentials");
		Environment environment = context.getEnvironment();
		if (!environment.getProperty(TEST, Boolean.class, false)) {
			return ConditionOutcome.match(message.because("this is no test"));
		}
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		if (beanFactory != null && Stream.of(PacerelleConnectionDetails.class, AgentGatewaySettings.class)
			.anyMatch((type) -> beanFactory.getBeanNamesForType(type, true, false).length > 0)) {
			return ConditionOutcome.match(message.because("the application has beans for them"));
		}
		if (Stream.of("pacerelle.agent-id", "pacerelle.token")
			.anyMatch((property) -> StringUtils.hasText(environment.getProperty(property)))) {
			return ConditionOutcome.match(message.because("the test has some"));
		}
		logger.info("There is no agent: this test sets neither 'pacerelle.agent-id' nor 'pacerelle.token'. With"
				+ " pacerelle-spring-boot-starter-test it connects to a relay of the test");
		return ConditionOutcome.noMatch(message.because("the test has none"));
	}

}
