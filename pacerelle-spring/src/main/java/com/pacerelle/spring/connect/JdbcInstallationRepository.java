package com.pacerelle.spring.connect;

import java.util.List;

import com.pacerelle.client.store.KnownInstallation;
import com.pacerelle.client.store.SharedInstallations;

/**
 * Keeps installations in the database of the application, for any number of processes.
 */
public final class JdbcInstallationRepository implements InstallationRepository {

	private final SharedInstallations installations;

	/**
	 * Creates the repository.
	 * @param installations the table
	 */
	public JdbcInstallationRepository(SharedInstallations installations) {
		this.installations = installations;
	}

	@Override
	public void save(Installation installation) {
		this.installations.save(new KnownInstallation(installation.agentId(), installation.ownerId(),
				installation.conversationId(), installation.installationToken()));
	}

	@Override
	public List<Installation> findAll() {
		return this.installations.findAll().stream().map(JdbcInstallationRepository::installation).toList();
	}

	@Override
	public void remove(String agentId) {
		this.installations.remove(agentId);
	}

	static Installation installation(KnownInstallation known) {
		return new Installation(known.agentId(), known.ownerId(), known.conversationId(), known.token());
	}

	@Override
	public String toString() {
		return "the database of the application";
	}

}
