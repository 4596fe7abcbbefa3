package com.pacerelle.spring.boot.autoconfigure;

import java.util.Map;
import java.util.Set;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether {@code pacerelle.agents} names the agents of the application.
 */
final class SeveralAgentsCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Several Pacerelle agents");
		Set<String> names = names(context.getEnvironment());
		return names.isEmpty() ? ConditionOutcome.noMatch(message.because("'pacerelle.agents' has none"))
				: ConditionOutcome.match(message.found("agent", "agents").items(names));
	}

	static Set<String> names(Environment environment) {
		return Binder.get(environment)
			.bind("pacerelle.agents", Bindable.mapOf(String.class, PacerelleProperties.Agent.class))
			.orElse(Map.of())
			.keySet();
	}

}
