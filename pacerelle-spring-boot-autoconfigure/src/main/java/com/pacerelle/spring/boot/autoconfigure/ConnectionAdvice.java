package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.TokenRefusedException;

/**
 * What a person can do when the agent does not get connected.
 */
final class ConnectionAdvice {

	private ConnectionAdvice() {
	}

	static String on(Throwable failure) {
		return (failure instanceof TokenRefusedException)
				? "Check that 'pacerelle.agent-id' (PACERELLE_AGENT_ID) and 'pacerelle.token' (PACERELLE_AGENT_TOKEN) "
						+ "belong together, and copy the token from the app again if it was replaced there."
				: "Check 'pacerelle.base-url' (PACERELLE_BASE_URL), 'pacerelle.web-socket-url' (PACERELLE_WS_URL) and "
						+ "the network on the way to the relay.";
	}

}
