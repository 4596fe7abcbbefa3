package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * Says which agent an application is. Never logs the token.
 */
final class StartupLog {

	private static final Log logger = LogFactory.getLog(StartupLog.class);

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final AgentMessageHandler handler;

	StartupLog(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler) {
		this.settings = settings;
		this.store = store;
		this.handler = handler;
	}

	void log() {
		int handlers = (this.handler instanceof HandlerMethodRegistry registry) ? registry.size() : 1;
		logger.info(LogMessage.format("Agent '%s' starts: %d handler(s), relay %s, %s", this.settings.agentId(),
				handlers, this.settings.connection().baseUrl().getAuthority(), this.store));
	}

}
