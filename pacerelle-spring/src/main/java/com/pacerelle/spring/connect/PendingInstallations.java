package com.pacerelle.spring.connect;

import com.pacerelle.client.connect.AuthorizationSecrets;
import org.jspecify.annotations.Nullable;

/**
 * The installations that were begun, and not completed. Only the browser that began one
 * may reach it: this is what keeps others from completing an installation of theirs in a
 * person's name (RFC 6749 section 10.12). So it belongs into the person's session.
 * <p>
 * Its methods are called when {@link AgentConnect#begin()} and
 * {@link AgentConnect#complete} are subscribed to, by the thread that subscribes.
 */
public interface PendingInstallations {

	/**
	 * Keeps the secrets of an installation for a while.
	 * @param secrets the secrets
	 */
	void add(AuthorizationSecrets secrets);

	/**
	 * Hands out the secrets of an installation, once.
	 * @param state the state that came back, compared in constant time
	 * @return the secrets, or {@code null} if the state is unknown, too old or was used
	 */
	@Nullable AuthorizationSecrets take(String state);

}
