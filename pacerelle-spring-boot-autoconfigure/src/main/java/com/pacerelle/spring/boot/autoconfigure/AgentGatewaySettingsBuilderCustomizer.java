package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.AgentGatewaySettings;

/**
 * Callback interface that can be implemented by beans wishing to customize the
 * {@link AgentGatewaySettings} of the application's agent, and of those that people
 * install, after the properties were applied. The addresses of the relay are up to
 * {@link PacerelleConnectionDetails}.
 */
@FunctionalInterface
public interface AgentGatewaySettingsBuilderCustomizer {

	/**
	 * Customizes the settings.
	 * @param builder the builder to customize
	 */
	void customize(AgentGatewaySettings.Builder builder);

}
