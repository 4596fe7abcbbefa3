package com.pacerelle.mcp;

import java.io.PrintStream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/**
 * The bridge as an executable jar. Standard output carries the protocol and nothing else.
 */
@SpringBootApplication
@EnableConfigurationProperties(McpServerProperties.class)
public class McpServerApplication {

	/**
	 * Starts the bridge.
	 * @param args the command line
	 */
	public static void main(String[] args) {
		PrintStream protocol = System.out;
		// Whatever prints, now and later, prints elsewhere.
		System.setOut(System.err);
		StandardStreams streams = new StandardStreams(System.in, protocol);
		SpringApplication application = new SpringApplication(McpServerApplication.class);
		application
			.addInitializers((context) -> context.getBeanFactory().registerSingleton("standardStreams", streams));
		application.run(args);
	}

}
