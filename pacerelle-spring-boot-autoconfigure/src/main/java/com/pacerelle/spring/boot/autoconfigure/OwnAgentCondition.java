package com.pacerelle.spring.boot.autoconfigure;

import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;

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
 * Whether the application is an agent by itself. One that people install need not be.
 */
final class OwnAgentCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Own Pacerelle agent");
		Environment environment = context.getEnvironment();
		if (!SeveralAgentsCondition.names(environment).isEmpty()) {
			return ConditionOutcome.noMatch(message.because("'pacerelle.agents' has the agents"));
		}
		if (!environment.containsProperty("pacerelle.connect.client-id")) {
			return ConditionOutcome.match(message.because("nobody installs the application"));
		}
		if (Stream.of("pacerelle.agent-id", "pacerelle.token")
			.anyMatch((property) -> StringUtils.hasText(environment.getProperty(property)))) {
			return ConditionOutcome.match(message.because("it has credentials"));
		}
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		if (beanFactory != null
				&& Stream.of(PacerelleConnectionDetails.class, AgentGatewaySettings.class, AgentGatewayClient.class)
					.anyMatch((type) -> beanFactory.getBeanNamesForType(type, true, false).length > 0)) {
			return ConditionOutcome.match(message.because("the application has beans for it"));
		}
		return ConditionOutcome.noMatch(message.because("the application is only installed by people"));
	}

}
