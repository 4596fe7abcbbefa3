package com.pacerelle.client.permission;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import com.pacerelle.client.message.PermissionScope;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a person is asked to allow. Its {@code toString()} has no text.
 *
 * @param id the id of the widget, unique in the session, or {@code null} if one is to be
 * made
 * @param userId the person who is asked
 * @param conversationId where
 * @param action what is to be allowed
 * @param title the question, not blank
 * @param body further text, or {@code null}
 * @param scopes for how long it can be allowed, each once, at least one
 * @param expiresAt until when the request can be answered, and what is allowed once can
 * be done; the end of the session limits it. What is allowed for the session lasts until
 * the session ends
 */
public record PermissionRequest(@Nullable String id, String userId, String conversationId, PermissionAction action,
		String title, @Nullable String body, List<PermissionScope> scopes, Instant expiresAt) {

	/**
	 * Creates a request.
	 */
	public PermissionRequest {
		Assert.isTrue(id == null || !id.isBlank(), "'id' must not be blank");
		Assert.hasText(userId, "'userId' must not be blank");
		Assert.hasText(conversationId, "'conversationId' must not be blank");
		Objects.requireNonNull(action, "'action' must not be null");
		Assert.hasText(title, "'title' must not be blank");
		Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
		Assert.notEmpty(scopes, "'scopes' must have at least one scope");
		Assert.isTrue(scopes.stream().distinct().count() == scopes.size(), "'scopes' must not have a scope twice");
		scopes = List.copyOf(scopes);
	}

	/**
	 * Creates a request that can be allowed once, with an id of its own.
	 * @param userId the person who is asked
	 * @param conversationId where
	 * @param action what is to be allowed
	 * @param title the question
	 * @param expiresAt until when the request can be answered, and the action can be done
	 * @return the request
	 */
	public static PermissionRequest of(String userId, String conversationId, PermissionAction action, String title,
			Instant expiresAt) {
		return new PermissionRequest(null, userId, conversationId, action, title, null, List.of(PermissionScope.ONCE),
				expiresAt);
	}

	/**
	 * The same request with an id.
	 * @param id the id of the widget
	 * @return the request
	 */
	public PermissionRequest id(String id) {
		return new PermissionRequest(id, this.userId, this.conversationId, this.action, this.title, this.body,
				this.scopes, this.expiresAt);
	}

	/**
	 * The same request with further text.
	 * @param body the text
	 * @return the request
	 */
	public PermissionRequest body(String body) {
		return new PermissionRequest(this.id, this.userId, this.conversationId, this.action, this.title, body,
				this.scopes, this.expiresAt);
	}

	/**
	 * The same request with other scopes.
	 * @param scopes for how long it can be allowed
	 * @return the request
	 */
	public PermissionRequest scopes(PermissionScope... scopes) {
		return new PermissionRequest(this.id, this.userId, this.conversationId, this.action, this.title, this.body,
				List.of(scopes), this.expiresAt);
	}

	@Override
	public String toString() {
		return "PermissionRequest[id=" + this.id + ", conversationId=" + this.conversationId + "]";
	}

}
