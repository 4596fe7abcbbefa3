package com.pacerelle.dev.autoconfigure;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.dev.DevRelay;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Makes settings that the application has as a bean those of the agent of a development
 * run: how messages are handled stays, where it connects and as whom does not.
 */
final class DevSettings implements BeanPostProcessor {

	private final ObjectProvider<DevRelay> relay;

	private final ObjectProvider<DevStoreRoot> root;

	DevSettings(ObjectProvider<DevRelay> relay, ObjectProvider<DevStoreRoot> root) {
		this.relay = relay;
		this.root = root;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof AgentGatewaySettings settings)
				? of(settings, this.relay.getObject(), this.root.getObject()) : bean;
	}

	private static AgentGatewaySettings of(AgentGatewaySettings settings, DevRelay relay, DevStoreRoot root) {
		return settings.mutate()
			.agentId(relay.agentId())
			.token(relay.token())
			.storeRoot(root.path())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()).webSocketUrl(null))
			.build();
	}

}
