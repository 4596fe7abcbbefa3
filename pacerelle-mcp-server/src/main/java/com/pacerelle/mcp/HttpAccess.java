package com.pacerelle.mcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Lets only clients in that know the token: every program of the machine, and every page
 * in its browser, can reach the port.
 */
@Component
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE)
class HttpAccess implements WebFilter {

	private final byte[] expected;

	HttpAccess(McpServerProperties properties) {
		if (!StringUtils.hasText(properties.token())) {
			throw new IllegalStateException("'pacerelle.mcp.token' must be set for HTTP: whoever reaches the port "
					+ "could write in the name of the agent. Choose a long random one");
		}
		this.expected = ("Bearer " + properties.token()).getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String sent = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
		if (sent != null && MessageDigest.isEqual(this.expected, sent.getBytes(StandardCharsets.UTF_8))) {
			return chain.filter(exchange);
		}
		exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
		return exchange.getResponse().setComplete();
	}

}
