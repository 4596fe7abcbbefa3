package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.InsecureTransportException;
import com.pacerelle.client.InvalidSettingException;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.connect.AgentConnectSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Maps {@link PacerelleConnectProperties} to {@link AgentConnectSettings}.
 */
final class ConnectSettingsMapper {

	/** What a setting is called in the application's configuration. */
	private static final Map<String, String> PROPERTIES = Map.of("baseUrl",
			"'pacerelle.base-url' (environment variable PACERELLE_BASE_URL)", "clientId",
			"'pacerelle.connect.client-id'", "connectKey", "'pacerelle.connect.connect-key'", "redirectUri",
			"'pacerelle.connect.redirect-uri'", "agentName", "'pacerelle.connect.agent-name'");

	private final PacerelleConnectProperties properties;

	private final List<String> problems = new ArrayList<>();

	ConnectSettingsMapper(PacerelleConnectProperties properties) {
		this.properties = properties;
	}

	AgentConnectSettings map(URI baseUrl, TransportSettings transport) {
		String clientId = required("client-id", this.properties.clientId());
		String connectKey = required("connect-key", this.properties.connectKey());
		String redirectUri = required("redirect-uri", this.properties.redirectUri());
		String agentName = required("agent-name", this.properties.agentName());
		if (!this.problems.isEmpty()) {
			throw new PacerelleConfigurationException(String.join(System.lineSeparator(), this.problems),
					"Copy the values from the application's settings at Agent Connect, but keep the key out of version"
							+ " control. For an application that nobody installs, remove 'pacerelle.connect.client-id'.");
		}
		try {
			return new AgentConnectSettings(baseUrl, clientId, connectKey, uri(redirectUri), agentName,
					Objects.requireNonNullElse(this.properties.agentDescription(), ""), transport);
		}
		catch (InsecureTransportException ex) {
			throw SettingsMapper.insecure(PROPERTIES.getOrDefault(ex.setting(), ex.setting()), ex);
		}
		catch (InvalidSettingException ex) {
			throw new PacerelleConfigurationException(
					PROPERTIES.getOrDefault(ex.setting(), ex.setting()) + " " + ex.reason() + ".",
					"Correct the property.");
		}
	}

	private String required(String property, @Nullable String value) {
		if (!StringUtils.hasText(value)) {
			this.problems.add("'pacerelle.connect." + property + "' has no value.");
			return "";
		}
		return value;
	}

	private static URI uri(String value) {
		try {
			return URI.create(value);
		}
		catch (IllegalArgumentException ex) {
			// Its message has the value.
			throw new InvalidSettingException("redirectUri", "must be an address");
		}
	}

}
