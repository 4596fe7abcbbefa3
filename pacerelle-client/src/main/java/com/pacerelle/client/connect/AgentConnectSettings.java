package com.pacerelle.client.connect;

import java.net.URI;
import java.util.Locale;

import com.pacerelle.client.InvalidSettingException;
import com.pacerelle.client.TransportSettings;

/**
 * The settings of an {@link AgentConnectClient} (gateway.md section 9). Its
 * {@code toString()} has no key.
 *
 * @param baseUrl the relay's HTTP address, {@code https} unless the transport allows
 * another one; trailing slashes are stripped
 * @param clientId the application's id at Agent Connect
 * @param connectKey the application's key at Agent Connect; secret
 * @param redirectUri where the browser of a person returns with the code: an absolute
 * address without fragment, as it is registered
 * @param agentName what the agent is called when a person is asked to install it
 * @param agentDescription what the agent does, in the same place; may be empty
 * @param transport what protects the way to the relay
 */
public record AgentConnectSettings(URI baseUrl, String clientId, String connectKey, URI redirectUri, String agentName,
		String agentDescription, TransportSettings transport) {

	/**
	 * Checks and normalises the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public AgentConnectSettings {
		require(isWebAddress(baseUrl) && baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null, "baseUrl",
				"must be an https address such as https://api.pacerelle.com, without user, query or fragment");
		transport.require("baseUrl", baseUrl);
		baseUrl = URI.create(baseUrl.toString().replaceAll("/+$", ""));
		requireCredential("clientId", clientId);
		requireCredential("connectKey", connectKey);
		require(redirectUri.isAbsolute() && redirectUri.getRawFragment() == null, "redirectUri",
				"must be an absolute address without fragment, such as https://example.com/installed");
		require(!agentName.isBlank(), "agentName", "must not be blank: people see it when they install the agent");
	}

	/**
	 * Creates settings with the default transport.
	 * @param baseUrl the relay's HTTP address
	 * @param clientId the application's id at Agent Connect
	 * @param connectKey the application's key at Agent Connect; secret
	 * @param redirectUri where the browser of a person returns with the code
	 * @param agentName what the agent is called
	 * @param agentDescription what the agent does; may be empty
	 * @throws InvalidSettingException if one is not valid
	 */
	public AgentConnectSettings(URI baseUrl, String clientId, String connectKey, URI redirectUri, String agentName,
			String agentDescription) {
		this(baseUrl, clientId, connectKey, redirectUri, agentName, agentDescription, TransportSettings.DEFAULT);
	}

	static boolean isWebAddress(URI address) {
		String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
		return ("https".equals(scheme) || "http".equals(scheme)) && address.getHost() != null
				&& address.getRawUserInfo() == null;
	}

	static boolean isCredential(String value) {
		return !value.isEmpty() && value.chars().allMatch((c) -> c > ' ' && c < 0x7f);
	}

	private static void requireCredential(String name, String value) {
		require(isCredential(value), name,
				"must have visible ASCII characters only: copy it from the application's settings at Agent Connect");
	}

	private static void require(boolean valid, String name, String reason) {
		if (!valid) {
			throw new InvalidSettingException(name, reason);
		}
	}

	@Override
	public String toString() {
		return "AgentConnectSettings[baseUrl=" + this.baseUrl + ", clientId=" + this.clientId + ", redirectUri="
				+ this.redirectUri + "]";
	}

}
