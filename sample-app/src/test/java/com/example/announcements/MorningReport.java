// tag::report[]
package com.example.announcements;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class MorningReport {

	private final AgentGatewayClient client;

	MorningReport(AgentGatewayClient client) {
		this.client = client;
	}

	@PacerelleHandler("/start")
	String start() {
		return "You get a report each morning";
	}

	@Scheduled(cron = "0 0 8 * * *", zone = "Europe/Paris")
	void send() {
		this.client.conversations()
			.concatMap((conversation) -> conversation.sendMessage("Good morning. All systems are up."))
			.then()
			.block();
	}

}
// end::report[]
