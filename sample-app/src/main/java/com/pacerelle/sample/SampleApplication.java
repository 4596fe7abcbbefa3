package com.pacerelle.sample;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An agent that answers each message with its text.
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

}
