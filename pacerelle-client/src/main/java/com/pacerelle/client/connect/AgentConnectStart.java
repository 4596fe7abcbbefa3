package com.pacerelle.client.connect;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * An installation that was begun. All but its times is secret: its {@code toString()} has
 * nothing else.
 *
 * @param requestId the relay's id of the request
 * @param authorizationUrl where the browser of the person goes to allow the installation
 * @param expiresAt when that is no longer possible, by the relay's clock
 * @param expiresIn how long there is until then
 * @param state comes back to the redirect address with the code
 * @param codeVerifier is needed with the code
 */
public record AgentConnectStart(String requestId, URI authorizationUrl, Instant expiresAt, Duration expiresIn,
		String state, String codeVerifier) {

	@Override
	public String toString() {
		return "AgentConnectStart[expiresAt=" + this.expiresAt + "]";
	}

}
