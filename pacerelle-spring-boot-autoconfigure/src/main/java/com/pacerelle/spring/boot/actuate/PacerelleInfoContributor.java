package com.pacerelle.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.spring.connect.InstalledAgents;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that says which agent an application is, and for how many
 * people it runs. Never the token.
 */
public class PacerelleInfoContributor implements InfoContributor {

	private final List<AgentGatewaySettings> settings;

	private final @Nullable InstalledAgents installedAgents;

	/**
	 * Creates a contributor.
	 * @param settings the settings of the application's own agent, or {@code null}
	 * @param installedAgents the agents that people have installed, or {@code null}
	 */
	public PacerelleInfoContributor(@Nullable AgentGatewaySettings settings,
			@Nullable InstalledAgents installedAgents) {
		this((settings != null) ? List.of(settings) : List.of(), installedAgents);
	}

	/**
	 * Creates a contributor for any number of agents.
	 * @param settings the settings of the agents that the application is by itself
	 * @param installedAgents the agents that people have installed, or {@code null}
	 */
	public PacerelleInfoContributor(List<AgentGatewaySettings> settings, @Nullable InstalledAgents installedAgents) {
		this.settings = List.copyOf(settings);
		this.installedAgents = installedAgents;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (this.settings.size() == 1) {
			details.putAll(describe(this.settings.get(0)));
		}
		else if (!this.settings.isEmpty()) {
			details.put("agents", this.settings.stream().map(PacerelleInfoContributor::describe).toList());
		}
		if (this.installedAgents != null) {
			details.put("installedAgents", this.installedAgents.agentIds().size());
		}
		builder.withDetail("pacerelle", details);
	}

	private static Map<String, Object> describe(AgentGatewaySettings settings) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("agentId", settings.agentId());
		details.put("relay", settings.connection().baseUrl().getAuthority());
		details.put("encrypted", settings.encrypted());
		return details;
	}

}
