package com.pacerelle.dev.autoconfigure;

import java.io.PrintStream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.dev.DevRelay;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Prints where the chat page is, and the agent's own verification code to compare with
 * the one there. It is the outcome of the run and no log line: it shows at every log
 * level.
 */
final class DevRelayAnnouncement implements ApplicationListener<ApplicationReadyEvent> {

	private final DevRelay relay;

	private final ObjectProvider<AgentGatewayClient> client;

	private final PrintStream console;

	DevRelayAnnouncement(DevRelay relay, ObjectProvider<AgentGatewayClient> client, PrintStream console) {
		this.relay = relay;
		this.client = client;
		this.console = console;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		this.console.println("""

				  Your agent is running. Chat with it here:

				      %s/

				  The conversation is end-to-end encrypted between you and the agent.
				  In this development run, the relay keeps your keys in its process.
				  Verification code of the agent, to compare with the one on the page:

				      %s

				  Ctrl+C stops the agent and the relay.
				""".formatted(this.relay.baseUrl(), verificationCode()));
	}

	/** In two lines, for narrow terminals. */
	private String verificationCode() {
		AgentGatewayClient agent = this.client.getIfAvailable();
		return (agent != null) ? agent.verificationCode().replaceFirst("(.{39}) ", "$1\n      ") : "unknown";
	}

}
