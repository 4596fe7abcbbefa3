package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of Agent Connect. Its {@code toString()} has no key.
 *
 * @param clientId Id of the application at Agent Connect. With it, people can install the
 * application.
 * @param connectKey Key of the application at Agent Connect; secret.
 * @param redirectUri Address of the application where the browser of a person comes back
 * to, as it is registered.
 * @param agentName What the agent is called when a person is asked to install it.
 * @param agentDescription What the agent does, for the same question.
 * @param renewBefore How long before its end a runtime token is renewed.
 * @param pinned Ids of installed agents that run in this process, whatever its share.
 * With 'pacerelle.store.type=jdbc'.
 */
@ConfigurationProperties("pacerelle.connect")
public record PacerelleConnectProperties(@Nullable String clientId, @Nullable String connectKey,
		@Nullable String redirectUri, @Nullable String agentName, @Nullable String agentDescription,
		@DefaultValue("5m") Duration renewBefore, @DefaultValue Set<String> pinned) {

	@Override
	public String toString() {
		return "PacerelleConnectProperties[clientId=" + this.clientId + "]";
	}

}
