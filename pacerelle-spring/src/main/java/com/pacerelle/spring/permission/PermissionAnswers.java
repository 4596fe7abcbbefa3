package com.pacerelle.spring.permission;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.client.permission.PermissionOutcome;
import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.jspecify.annotations.Nullable;

/**
 * Handles answers that no guarded method waits for any more, such as a later denial,
 * which revokes the grant.
 */
public class PermissionAnswers {

	private final PermissionSessions sessions;

	/**
	 * Creates the handler.
	 * @param sessions where grants are kept
	 */
	public PermissionAnswers(PermissionSessions sessions) {
		this.sessions = sessions;
	}

	@PacerelleHandler(widget = PermissionQuestion.ID_PREFIX + "*")
	@Nullable WidgetUpdate answer(AgentMessage answer) {
		PermissionPolicy policy = this.sessions.current();
		PermissionOutcome outcome = policy.receive(answer);
		if (outcome instanceof PermissionOutcome.Revoked revoked) {
			return policy.update(revoked.requestId());
		}
		return (outcome instanceof PermissionOutcome.Denied denied) ? policy.update(denied.requestId()) : null;
	}

}
