package com.pacerelle.spring.connect;

import java.security.SecureRandom;

import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectException;
import com.pacerelle.client.connect.AgentConnectStart;
import com.pacerelle.client.connect.AuthorizationSecrets;
import com.pacerelle.client.connect.InstallationToken;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.log.LogMessage;

/**
 * Lets people install the application (gateway.md section 9): {@link #begin()} returns
 * the address where a person allows it, {@link #complete} receives the parameters with
 * which the person's browser returns. The agent of the installation then runs here.
 */
public final class AgentConnect {

	private static final Log logger = LogFactory.getLog(AgentConnect.class);

	private final AgentConnectClient client;

	private final PendingInstallations pending;

	private final InstallationRepository repository;

	private final InstalledAgents agents;

	private final SecureRandom random;

	/**
	 * Creates the flow.
	 * @param client speaks to the relay
	 * @param pending keeps what was begun
	 * @param repository keeps what was completed
	 * @param agents runs the agents
	 * @param random where secrets come from
	 */
	public AgentConnect(AgentConnectClient client, PendingInstallations pending, InstallationRepository repository,
			InstalledAgents agents, SecureRandom random) {
		this.client = client;
		this.pending = pending;
		this.repository = repository;
		this.agents = agents;
		this.random = random;
	}

	/**
	 * Begins an installation.
	 * @return where to send the person's browser; fails with
	 * {@link AgentConnectException}
	 */
	public Mono<AgentConnectStart> begin() {
		return Mono.defer(() -> {
			AuthorizationSecrets secrets = AuthorizationSecrets.generate(this.random);
			this.pending.add(secrets);
			return this.client.begin(secrets);
		});
	}

	/**
	 * Completes an installation and starts its agent. It continues when the subscriber
	 * cancels, as the code can only be used once.
	 * @param state the {@code state} that came back to the redirect address
	 * @param code the {@code code} that came with it
	 * @return the installation, once it is kept; fails with
	 * {@link UnknownInstallationException} or {@link AgentConnectException}
	 */
	public Mono<Installation> complete(String state, String code) {
		return Mono.defer(() -> {
			AuthorizationSecrets secrets = this.pending.take(state);
			return (secrets != null) ? Mono.fromFuture(exchange(code, secrets).toFuture(), true)
					: Mono.error(new UnknownInstallationException());
		});
	}

	private Mono<Installation> exchange(String code, AuthorizationSecrets secrets) {
		return this.client.exchange(code, secrets.codeVerifier())
			.publishOn(Schedulers.boundedElastic())
			.map(AgentConnect::installation)
			.doOnNext((installation) -> {
				this.repository.save(installation);
				logger.info(LogMessage.format("Agent '%s' was installed", installation.agentId()));
				this.agents.run(installation);
			});
	}

	private static Installation installation(InstallationToken token) {
		return new Installation(token.agentId(), token.ownerId(), token.conversationId(), token.installationToken());
	}

	/**
	 * Forgets an installation and stops its agent. Its keys and messages stay in its
	 * store.
	 * @param agentId the id of the agent
	 * @return completes when both is done
	 */
	public Mono<Void> remove(String agentId) {
		return Mono.<Void>fromRunnable(() -> this.repository.remove(agentId))
			.subscribeOn(Schedulers.boundedElastic())
			.then(this.agents.end(agentId));
	}

}
