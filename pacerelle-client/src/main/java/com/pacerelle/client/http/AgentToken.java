package com.pacerelle.client.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What an agent shows the relay at each request and connection; secret.
 *
 * @param value the token
 */
public record AgentToken(String value) {

	/**
	 * The token as part of an address.
	 * @return the token, percent-encoded
	 */
	public String encoded() {
		return URLEncoder.encode(this.value, StandardCharsets.UTF_8).replace("+", "%20");
	}

	@Override
	public String toString() {
		return "AgentToken[***]";
	}

}
