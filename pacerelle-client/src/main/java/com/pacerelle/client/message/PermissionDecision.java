package com.pacerelle.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Permission}. Its {@code toString()} does not tell it.
 *
 * @param granted whether it is given
 * @param scope for how long, one of those offered; {@code null} if it is not given
 */
public record PermissionDecision(boolean granted, @Nullable PermissionScope scope) {

	/**
	 * Creates a decision.
	 * @throws IllegalArgumentException if a permission is given for no scope
	 */
	public PermissionDecision {
		if (granted && scope == null) {
			throw new IllegalArgumentException("'scope' must not be null when the permission is granted");
		}
		scope = granted ? scope : null;
	}

	@Override
	public String toString() {
		return "PermissionDecision[]";
	}

}
