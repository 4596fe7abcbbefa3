package com.pacerelle.dev;

// tag::handler[]
import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.spring.handler.Argument;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class OrderHandlers {

	private final JdbcTemplate jdbc;

	private final AgentGatewayClient client;

	OrderHandlers(JdbcTemplate jdbc, AgentGatewayClient client) {
		this.jdbc = jdbc;
		this.client = client;
	}

	@Transactional
	@PacerelleHandler("/order")
	String order(@Argument String item, AgentMessage message) {
		this.jdbc.update("INSERT INTO orders (item, person) VALUES (?, ?)", item, message.from());
		this.client.conversation("bob", "c-bob").sendAndWait(new Reply("A new order: " + item));
		return "Ordered: " + item;
	}

}
// end::handler[]
