package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Adapts {@link PacerelleProperties} to {@link PacerelleConnectionDetails}. What a person
 * may get wrong when copying the values from the app is found here.
 */
final class PropertiesPacerelleConnectionDetails implements PacerelleConnectionDetails {

	/** Placeholders of examples and templates. */
	private static final Pattern PLACEHOLDER = Pattern.compile("(?i)<.*>|\\[.*]|\\{.*}|\\.{3}|x{3,}|todo"
			+ "|your([-_ ].*|(agent)?(id|token))|(change|replace|fill)[-_ ]?(me|this|with|in)\\b.*"
			+ "|(insert|enter|put|paste)[-_ ]?(your|the|agent|token).*|(agent[-_ ]?)?(id|token)|secret");

	private static final Pattern UNRESOLVED = Pattern.compile(".*\\$\\{.*}.*");

	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{javaWhitespace}\\p{Cntrl}\\p{Cf}\\p{Z}]");

	private final String agentId;

	private final String token;

	private final URI baseUrl;

	private final @Nullable URI webSocketUrl;

	PropertiesPacerelleConnectionDetails(PacerelleProperties properties) {
		List<String> problems = new ArrayList<>();
		this.agentId = credential("'pacerelle.agent-id' (environment variable PACERELLE_AGENT_ID)",
				properties.agentId(), problems);
		this.token = credential("'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN)", properties.token(),
				problems);
		if (!problems.isEmpty()) {
			throw new PacerelleConfigurationException(String.join(System.lineSeparator(), problems),
					"""
							Copy the agent id and the token from the agent's settings in the Pacerelle app. Then
							- set the environment variables PACERELLE_AGENT_ID and PACERELLE_AGENT_TOKEN, or
							- save the .env file that the app offers in the working directory, %s, or
							- set the properties 'pacerelle.agent-id' and 'pacerelle.token', but keep the token out of version control.
							To start the application without the agent, set 'pacerelle.enabled=false'.
							In tests, add pacerelle-spring-boot-starter-test: the agent then connects to a relay of the test."""
						.formatted(Path.of("").toAbsolutePath()));
		}
		this.baseUrl = baseUrl(properties);
		this.webSocketUrl = webSocketUrl(properties);
	}

	/**
	 * Those of one of several agents.
	 * @param prefix what its properties begin with
	 * @param agent its properties
	 * @param relay where the relay of the application is
	 * @param problems receives what is wrong with its credentials
	 */
	PropertiesPacerelleConnectionDetails(String prefix, PacerelleProperties.Agent agent, RelayAddresses relay,
			List<String> problems) {
		this.agentId = credential("'" + prefix + ".agent-id'", agent.agentId(), problems);
		this.token = credential("'" + prefix + ".token'", agent.token(), problems);
		String baseUrl = agent.baseUrl();
		String webSocketUrl = agent.webSocketUrl();
		URI ownBaseUrl = StringUtils.hasText(baseUrl) ? url("'" + prefix + ".base-url'", baseUrl) : null;
		this.baseUrl = (ownBaseUrl != null) ? ownBaseUrl : relay.baseUrl();
		this.webSocketUrl = StringUtils.hasText(webSocketUrl) ? url("'" + prefix + ".web-socket-url'", webSocketUrl)
				: (ownBaseUrl != null) ? null : relay.webSocketUrl();
	}

	static URI baseUrl(PacerelleProperties properties) {
		return url("'pacerelle.base-url' (environment variable PACERELLE_BASE_URL)", properties.baseUrl());
	}

	static @Nullable URI webSocketUrl(PacerelleProperties properties) {
		String url = properties.webSocketUrl();
		return (url != null) ? url("'pacerelle.web-socket-url' (environment variable PACERELLE_WS_URL)", url) : null;
	}

	private static String credential(String property, @Nullable String value, List<String> problems) {
		String problem = null;
		if (!StringUtils.hasText(value)) {
			problem = "has no value";
		}
		else if (UNRESOLVED.matcher(value).matches()) {
			problem = "refers to a variable that is not set";
		}
		else if (PLACEHOLDER.matcher(value).matches()) {
			problem = "has a placeholder from an example instead of a value from the app";
		}
		else if (UNPRINTABLE.matcher(value).find()) {
			problem = "has white space or invisible characters in its value";
		}
		if (problem != null) {
			problems.add(property + " " + problem + ".");
		}
		return (value != null) ? value : "";
	}

	private static URI url(String property, String value) {
		try {
			return new URI(value);
		}
		catch (URISyntaxException ex) {
			// Its message has the value, and that may have a password.
			throw PacerelleConfigurationException.invalid(property, "is not a URL");
		}
	}

	@Override
	public String getAgentId() {
		return this.agentId;
	}

	@Override
	public String getToken() {
		return this.token;
	}

	@Override
	public URI getBaseUrl() {
		return this.baseUrl;
	}

	@Override
	public @Nullable URI getWebSocketUrl() {
		return this.webSocketUrl;
	}

}
