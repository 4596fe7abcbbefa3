package com.pacerelle.client.permission;

/**
 * What a message means for the permissions that were asked for.
 */
public sealed interface PermissionOutcome {

	/**
	 * The message answers no request of this session.
	 */
	record Unrelated() implements PermissionOutcome {
	}

	/**
	 * The person allowed the action.
	 *
	 * @param grant what is allowed
	 */
	record Granted(PermissionGrant grant) implements PermissionOutcome {
	}

	/**
	 * The person refused, or cancelled the request.
	 *
	 * @param requestId the request
	 */
	record Denied(String requestId) implements PermissionOutcome {
	}

	/**
	 * The person took back what was granted before.
	 *
	 * @param requestId the request
	 */
	record Revoked(String requestId) implements PermissionOutcome {
	}

	/**
	 * The answer was processed before.
	 *
	 * @param requestId the request
	 */
	record Duplicate(String requestId) implements PermissionOutcome {
	}

	/**
	 * The answer is rejected.
	 *
	 * @param requestId the request
	 * @param reason why
	 */
	record Rejected(String requestId, Reason reason) implements PermissionOutcome {
	}

	/**
	 * Why an answer is rejected.
	 */
	enum Reason {

		/** It did not come encrypted. */
		UNENCRYPTED,

		/** It came from another person or conversation. */
		SENDER_MISMATCH,

		/** It is not a decision. */
		INVALID_RESPONSE,

		/** The session is over. */
		SESSION_ENDED,

		/** The request is too old. */
		EXPIRED,

		/** The request was decided before. */
		ALREADY_DECIDED,

		/** The scope was not offered. */
		SCOPE_NOT_OFFERED

	}

}
