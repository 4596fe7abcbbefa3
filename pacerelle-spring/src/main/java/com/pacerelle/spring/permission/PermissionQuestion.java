package com.pacerelle.spring.permission;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.permission.PermissionAction;
import com.pacerelle.client.permission.PermissionGrant;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.client.permission.PermissionOutcome;
import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.client.permission.PermissionRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the sender of a message for one action, and uses the grant.
 */
final class PermissionQuestion implements Question<PermissionOutcome> {

	/** What the widgets' ids begin with, by which later answers are recognised. */
	static final String ID_PREFIX = "pacerelle-permission-";

	private final PermissionPolicy policy;

	private final AgentMessage message;

	private final Conversation conversation;

	private final GuardedAction guarded;

	private final Permission widget;

	private final String id;

	PermissionQuestion(PermissionPolicy policy, AgentMessage message, Conversation conversation, GuardedAction guarded,
			Instant expiresAt) {
		this.policy = policy;
		this.message = message;
		this.conversation = conversation;
		this.guarded = guarded;
		// A new one at each attempt: what was granted for once is not given back when a
		// handler fails and is called again, and nothing is left of an earlier session.
		this.id = ID_PREFIX + UUID.randomUUID();
		this.widget = policy.request(new PermissionRequest(this.id, message.from(), message.conversationId(),
				guarded.action(), guarded.title(), null, guarded.scopes(), expiresAt));
	}

	@Override
	public Permission widget() {
		return this.widget;
	}

	@Override
	public PermissionOutcome read(AgentMessage answer) {
		return this.policy.receive(answer);
	}

	/**
	 * Uses the permission if the person gave it.
	 * @param outcome what came of the question
	 * @return the action that was allowed
	 * @throws PermissionNotGrantedException if it was not
	 */
	PermissionAction admit(PermissionOutcome outcome) {
		if (!(outcome instanceof PermissionOutcome.Granted)) {
			throw new PermissionNotGrantedException("The person did not allow '" + this.guarded.action().action()
					+ "': tell them that nothing was done");
		}
		return this.policy.run(this.id, this.message.from(), this.message.conversationId(), this.guarded.action(),
				Function.identity());
	}

	/**
	 * Treats a missing answer as a refusal.
	 * @param reason why there is none
	 * @return what the caller of the operation gets
	 */
	PermissionNotGrantedException unanswered(NoAnswerException reason) {
		if (reason instanceof AnswerCancelledException) {
			this.policy.deny(this.id);
		}
		return new PermissionNotGrantedException("The person did not "
				+ ((reason instanceof AnswerCancelledException) ? "allow '" : "answer in time whether to allow '")
				+ this.guarded.action().action() + "': tell them that nothing was done");
	}

	/**
	 * Tells the person the status of the request.
	 * @return completes when it is committed
	 */
	Mono<Void> tell() {
		return this.conversation.send(this.policy.update(this.id)).then();
	}

}
