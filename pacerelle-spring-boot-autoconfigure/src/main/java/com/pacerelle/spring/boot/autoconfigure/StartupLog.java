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

	private final String name;

	StartupLog(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler) {
		this(settings, store, handler, "");
	}

	/**
	 * Creates a log.
	 * @param settings the settings of the agent
	 * @param store its store
	 * @param handler handles its messages
	 * @param name its name if it is one of several, else empty
	 */
	StartupLog(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler, String name) {
		this.settings = settings;
		this.store = store;
		this.handler = handler;
		this.name = name;
	}

	/**
	 * What an agent is called in the log.
	 * @return empty if it is the only one
	 */
	String ofAgent() {
		return this.name.isEmpty() ? "" : " of agent '" + this.name + "'";
	}

	void log() {
		int handlers = (this.handler instanceof HandlerMethodRegistry registry) ? handlers(registry) : 1;
		logger.info(LogMessage.format("Agent '%s'%s starts: %d handler(s), relay %s, %s", this.settings.agentId(),
				this.name.isEmpty() ? "" : " (" + this.name + ")", handlers,
				this.settings.connection().baseUrl().getAuthority(), this.store));
	}

	private int handlers(HandlerMethodRegistry registry) {
		return this.name.isEmpty() ? registry.size() : registry.size(this.name);
	}

}
