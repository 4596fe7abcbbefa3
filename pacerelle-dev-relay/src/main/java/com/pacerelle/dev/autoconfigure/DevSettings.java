package com.pacerelle.dev.autoconfigure;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.ConnectionSettings;
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
		ConnectionSettings connection = settings.connection();
		return new AgentGatewaySettings(relay.agentId(), relay.token(), root.path(), settings.encrypted(),
				new ConnectionSettings(relay.baseUrl(), null, connection.transport(), connection.maxFrameSize(),
						connection.pingInterval(), connection.pongTimeout(), connection.connectTimeout(),
						connection.minBackoff(), connection.maxBackoff(), connection.tokenRefusedBackoff()),
				settings.handling(), settings.files(), settings.observationRegistry());
	}

}
