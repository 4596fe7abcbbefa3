package com.pacerelle.spring.boot.actuate;

import com.pacerelle.spring.connect.InstalledAgents;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} for the agents that people have installed. It is down when none
 * of them is connected: that of one person alone may have lost its token, which is no
 * matter of the application's.
 */
public class InstalledAgentsHealthIndicator extends AbstractHealthIndicator {

	private final InstalledAgents agents;

	/**
	 * Creates an indicator.
	 * @param agents the agents
	 */
	public InstalledAgentsHealthIndicator(InstalledAgents agents) {
		super("The state of the installed agents cannot be read");
		this.agents = agents;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		long connected = 0;
		int all = 0;
		for (String agentId : this.agents.agentIds()) {
			all++;
			if (Occupation.of(this.agents.client(agentId)).isConnected()) {
				connected++;
			}
		}
		if (all == 0 || connected > 0) {
			builder.up();
		}
		else {
			builder.down();
		}
		builder.withDetail("agents", all).withDetail("connected", connected);
	}

}
