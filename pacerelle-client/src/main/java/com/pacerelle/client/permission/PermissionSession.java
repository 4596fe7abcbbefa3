package com.pacerelle.client.permission;

import java.time.Instant;
import java.util.Objects;

import org.springframework.util.Assert;

/**
 * How long permissions can last: one run of the agent, or less. Nothing that was granted
 * in a session outlives it.
 *
 * @param id the session's id, not blank
 * @param label what the person reads, not blank
 * @param expiresAt when it ends by itself
 */
public record PermissionSession(String id, String label, Instant expiresAt) {

	/**
	 * Creates a session.
	 */
	public PermissionSession {
		Assert.hasText(id, "'id' must not be blank");
		Assert.hasText(label, "'label' must not be blank");
		Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
	}

}
