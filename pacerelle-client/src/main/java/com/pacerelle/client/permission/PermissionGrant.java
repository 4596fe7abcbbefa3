package com.pacerelle.client.permission;

import java.time.Instant;

import com.pacerelle.client.message.PermissionScope;

/**
 * What a person allowed.
 *
 * @param requestId the id of the request, which is the id of the widget
 * @param userId the person
 * @param conversationId where
 * @param sessionId the session it belongs to
 * @param scope for how long
 * @param authorizedAt when it was allowed
 * @param expiresAt until when
 * @param state whether it still allows anything
 */
public record PermissionGrant(String requestId, String userId, String conversationId, String sessionId,
		PermissionScope scope, Instant authorizedAt, Instant expiresAt, State state) {

	PermissionGrant state(State state) {
		return new PermissionGrant(this.requestId, this.userId, this.conversationId, this.sessionId, this.scope,
				this.authorizedAt, this.expiresAt, state);
	}

	/**
	 * Whether a grant still allows anything.
	 */
	public enum State {

		/** It does. */
		ACTIVE,

		/** It allowed one operation, which has begun. */
		CONSUMED,

		/** It was taken back. */
		REVOKED,

		/** Its time, or its session's, is over. */
		EXPIRED

	}

}
