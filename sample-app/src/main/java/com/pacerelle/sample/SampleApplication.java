package com.pacerelle.sample;

import java.util.stream.Collectors;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.HandlerCatalog;
import com.pacerelle.spring.handler.HandlerDescription;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An agent that shows what agents can say, ask and receive, one short handler for each.
 */
@SpringBootApplication
public class SampleApplication {

	/**
	 * Starts the agent.
	 * @param args the command line
	 */
	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

	@PacerelleHandler
	String echo(AgentMessage message) {
		return "Received: " + message.text();
	}

	@PacerelleHandler(command = "/help", description = "lists the commands")
	String help(HandlerCatalog catalog) {
		return catalog.commands()
			.stream()
			.map((HandlerDescription command) -> command.usage() + ": " + command.description())
			.collect(Collectors.joining("\n"));
	}

}
