package com.pacerelle.client.connect;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

import com.pacerelle.client.InvalidSettingException;

/**
 * The settings of an {@link AgentConnectClient} (gateway.md section 9). Its
 * {@code toString()} has no key.
 *
 * @param baseUrl the relay's HTTP address, {@code https} unless it is on this machine;
 * trailing slashes are stripped
 * @param clientId the application's id at Agent Connect
 * @param connectKey the application's key at Agent Connect; secret
 * @param redirectUri where the browser of a person returns with the code: an absolute
 * address without fragment, as it is registered
 * @param agentName what the agent is called when a person is asked to install it
 * @param agentDescription what the agent does, in the same place; may be empty
 */
public record AgentConnectSettings(URI baseUrl, String clientId, String connectKey, URI redirectUri, String agentName,
		String agentDescription) {

	private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

	/**
	 * Checks and normalises the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public AgentConnectSettings {
		require(isSafe(baseUrl) && baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null, "baseUrl",
				"must be an https address such as https://api.pacerelle.com, without user, query or fragment; http is for"
						+ " a relay on this machine only");
		baseUrl = URI.create(baseUrl.toString().replaceAll("/+$", ""));
		requireCredential("clientId", clientId);
		requireCredential("connectKey", connectKey);
		require(redirectUri.isAbsolute() && redirectUri.getRawFragment() == null, "redirectUri",
				"must be an absolute address without fragment, such as https://example.com/installed");
		require(!agentName.isBlank(), "agentName", "must not be blank: people see it when they install the agent");
	}

	/**
	 * Whether traffic with an address is encrypted or stays on this machine.
	 */
	static boolean isSafe(URI address) {
		String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
		String host = address.getHost();
		return host != null && address.getRawUserInfo() == null && ("https".equals(scheme)
				|| ("http".equals(scheme) && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()));
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
