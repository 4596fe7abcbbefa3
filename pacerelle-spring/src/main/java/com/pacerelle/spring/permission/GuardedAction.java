package com.pacerelle.spring.permission;

import java.util.List;
import java.util.Objects;

import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.permission.PermissionAction;

import org.springframework.util.Assert;

/**
 * An action and how a person is asked for it. Its {@code toString()} has no text.
 *
 * @param action what is to be allowed
 * @param title the question, not blank
 * @param scopes for how long it can be allowed, each once, at least one
 */
public record GuardedAction(PermissionAction action, String title, List<PermissionScope> scopes) {

	/**
	 * Creates an action.
	 */
	public GuardedAction {
		Objects.requireNonNull(action, "'action' must not be null");
		Assert.hasText(title, "'title' must not be blank");
		Assert.notEmpty(scopes, "'scopes' must have at least one scope");
		scopes = List.copyOf(scopes);
	}

	@Override
	public String toString() {
		return "GuardedAction[action=" + this.action.action() + "]";
	}

}
