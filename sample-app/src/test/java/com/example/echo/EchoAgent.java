// tag::agent[]
package com.example.echo;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class EchoAgent {

	public static void main(String[] args) {
		SpringApplication.run(EchoAgent.class, args);
	}

	@PacerelleHandler
	String echo(AgentMessage message) {
		return "Received: " + message.text();
	}

}
// end::agent[]
