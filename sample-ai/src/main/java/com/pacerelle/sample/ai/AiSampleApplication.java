package com.pacerelle.sample.ai;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An agent that answers with a model: offline with one that only pretends, and with a
 * real one by configuration.
 */
@SpringBootApplication
public class AiSampleApplication {

	/**
	 * Starts the agent.
	 * @param args the command line
	 */
	public static void main(String[] args) {
		SpringApplication.run(AiSampleApplication.class, args);
	}

}
