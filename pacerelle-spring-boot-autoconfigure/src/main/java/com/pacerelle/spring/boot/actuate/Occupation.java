package com.pacerelle.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.spring.client.RestartableClient;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent runs.
 *
 * @param state the state of its connection here
 * @param holder where it runs, {@code null} if that is not known, or no other application
 * can have it
 */
record Occupation(ConnectionState state, @Nullable LeaseHolder holder) {

	static Occupation of(@Nullable AgentGatewayClient client) {
		return new Occupation((client != null) ? client.state() : ConnectionState.STOPPED,
				(client instanceof RestartableClient known) ? known.holder() : null);
	}

	boolean isConnected() {
		return this.state == ConnectionState.CONNECTED;
	}

	boolean isActive() {
		return this.state != ConnectionState.STANDBY && this.state != ConnectionState.STOPPED;
	}

	/** Nothing for an agent that no other application can have. */
	Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		if (this.holder != null) {
			details.put("role", (this.state == ConnectionState.STANDBY) ? "standby" : "active");
			details.put("instance", this.holder.instance());
			details.put("since", this.holder.since());
		}
		return details;
	}

}
