package com.pacerelle.spring.boot.actuate;

import java.util.Locale;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} that is up while the relay answers, also to pings: a connection
 * that hears nothing counts as lost. A standby is up as well: it serves nobody, and is as
 * it should be. It is out of service when the client is stopped, and down otherwise.
 */
public class PacerelleHealthIndicator extends AbstractHealthIndicator {

	private final AgentGatewayClient client;

	/**
	 * Creates an indicator.
	 * @param client whose connection counts
	 */
	public PacerelleHealthIndicator(AgentGatewayClient client) {
		super("The state of the agent cannot be read");
		this.client = client;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		ConnectionState state = this.client.state();
		switch (state) {
			case CONNECTED, STANDBY -> builder.up();
			case STOPPED -> builder.outOfService();
			case CONNECTING, WAITING, TOKEN_REFUSED -> builder.down();
		}
		builder.withDetail("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		builder.withDetails(Occupation.of(this.client).details());
	}

}
