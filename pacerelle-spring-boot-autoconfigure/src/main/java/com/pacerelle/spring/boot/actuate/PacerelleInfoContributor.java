package com.pacerelle.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.AgentGatewayClient;
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

	private final @Nullable AgentGatewayClient client;

	/**
	 * Creates a contributor.
	 * @param settings the settings of the application's own agent, or {@code null}
	 * @param installedAgents the agents that people have installed, or {@code null}
	 * @param client the client of the application's own agent, or {@code null}
	 */
	public PacerelleInfoContributor(@Nullable AgentGatewaySettings settings, @Nullable InstalledAgents installedAgents,
			@Nullable AgentGatewayClient client) {
		this((settings != null) ? List.of(settings) : List.of(), installedAgents, client);
	}

	/**
	 * Creates a contributor for any number of agents.
	 * @param settings the settings of the agents that the application is by itself
	 * @param installedAgents the agents that people have installed, or {@code null}
	 * @param client the client if there is one agent, or {@code null}
	 */
	public PacerelleInfoContributor(List<AgentGatewaySettings> settings, @Nullable InstalledAgents installedAgents,
			@Nullable AgentGatewayClient client) {
		this.settings = List.copyOf(settings);
		this.installedAgents = installedAgents;
		this.client = client;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (this.settings.size() == 1) {
			details.putAll(describe(this.settings.get(0)));
			details.putAll(Occupation.of(this.client).details());
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
