package com.pacerelle.client.store;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The installations of an application that several processes run, and who of them is
 * there. A process takes an agent when it opens the agent's {@link SharedStore}. What one
 * process changes, the others see within a second. Methods may block and are called by
 * several threads.
 */
public interface SharedInstallations {

	/**
	 * Saves an installation, and replaces an earlier one of the same agent.
	 * @param installation the installation
	 * @throws StoreException if the database refuses
	 */
	void save(KnownInstallation installation);

	/**
	 * Finds all installations.
	 * @return the installations, in any order
	 * @throws EncryptionKeyException if a token is encrypted, and its key is missing or
	 * wrong
	 * @throws StoreException if the database refuses
	 */
	List<KnownInstallation> findAll();

	/**
	 * Finds an installation.
	 * @param agentId the id of its agent
	 * @return the installation, or {@code null} if there is none
	 * @throws EncryptionKeyException if its token is encrypted, and its key is missing or
	 * wrong
	 * @throws StoreException if the database refuses
	 */
	@Nullable KnownInstallation find(String agentId);

	/**
	 * Forgets an installation, if there is one.
	 * @param agentId the id of its agent
	 * @throws StoreException if the database refuses
	 */
	void remove(String agentId);

	/**
	 * Makes this process one of those that share the agents, until it ends, leaves, or
	 * loses the database for the lease time.
	 * @param pinned the ids of agents that this process wants, whatever its share
	 * @param listener told about once a second, and soon after a change, who has which
	 * agent; must not block
	 * @return leaves
	 */
	SharedStore.Watch join(Set<String> pinned, Consumer<Distribution> listener);

	/**
	 * What this process is called in {@link LeaseHolder}.
	 * @return its name
	 */
	String instance();

}
