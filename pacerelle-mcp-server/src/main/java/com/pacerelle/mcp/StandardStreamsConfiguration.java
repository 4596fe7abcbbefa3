package com.pacerelle.mcp;

import java.util.concurrent.atomic.AtomicBoolean;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The protocol over standard input and output. When the client closes the input, the
 * process ends.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("spring.ai.mcp.server.stdio")
class StandardStreamsConfiguration {

	@Bean
	StdioServerTransportProvider stdioTransport(@Qualifier("mcpServerJsonMapper") JsonMapper mapper,
			StandardStreams streams, ConfigurableApplicationContext context) {
		AtomicBoolean ended = new AtomicBoolean();
		Runnable exit = () -> {
			if (ended.compareAndSet(false, true)) {
				new Thread(() -> System.exit(SpringApplication.exit(context)), "exit").start();
			}
		};
		return new StdioServerTransportProvider(new JacksonMcpJsonMapper(mapper), streams.in(exit), streams.out());
	}

}
