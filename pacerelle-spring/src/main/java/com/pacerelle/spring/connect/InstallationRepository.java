package com.pacerelle.spring.connect;

import java.util.List;

/**
 * Where the installations of the application are kept. What is lost here has to be
 * installed again; what can be read here can be impersonated. Methods may block and are
 * called by several threads.
 */
public interface InstallationRepository {

	/**
	 * Saves an installation, and replaces an earlier one of the same agent. It is durable
	 * when the method returns.
	 * @param installation the installation
	 */
	void save(Installation installation);

	/**
	 * Finds all installations.
	 * @return the installations, in any order
	 */
	List<Installation> findAll();

	/**
	 * Forgets an installation, if there is one.
	 * @param agentId the id of its agent
	 */
	void remove(String agentId);

}
