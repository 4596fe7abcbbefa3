package com.pacerelle.spring.permission;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.permission.PermissionAction;
import com.pacerelle.client.permission.PermissionGrant;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.client.permission.PermissionPolicy;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs operations when the sender of a message allows them: with an existing grant, else
 * after asking for one. In a group nothing is allowed: its members share one key, so that
 * the protocol does not prove who of them answers (gateway.md section 7).
 */
public final class PermissionGuard {

	private final PermissionSessions sessions;

	private final Duration requestTimeout;

	private final Clock clock;

	/**
	 * Creates a guard.
	 * @param sessions where grants are kept
	 * @param requestTimeout how long an unanswered request stays open, and what is
	 * granted once can be done
	 * @param clock tells the time
	 */
	public PermissionGuard(PermissionSessions sessions, Duration requestTimeout, Clock clock) {
		this.sessions = sessions;
		this.requestTimeout = requestTimeout;
		this.clock = clock;
	}

	/**
	 * Runs a blocking operation when the person allows it.
	 * @param <T> the type of its result
	 * @param invocation the message it runs for
	 * @param guarded what it does
	 * @param operation the operation; it gets the action that was allowed
	 * @return its result
	 * @throws PermissionNotGrantedException if it was not allowed; it was not begun
	 */
	public <T extends @Nullable Object> T call(HandlerInvocation invocation, GuardedAction guarded,
			Function<PermissionAction, T> operation) {
		PermissionPolicy policy = this.sessions.current();
		PermissionAction admitted = admitWithGrant(policy, invocation.message(), guarded);
		return operation.apply((admitted != null) ? admitted : askAndWait(policy, invocation, guarded));
	}

	private PermissionAction askAndWait(PermissionPolicy policy, HandlerInvocation invocation, GuardedAction guarded) {
		PermissionQuestion question = question(policy, invocation, guarded);
		try {
			return question.admit(invocation.conversation().askAndWait(question));
		}
		catch (NoAnswerException ex) {
			throw question.unanswered(ex);
		}
		finally {
			question.tell().block();
		}
	}

	/**
	 * Runs a reactive operation when the person allows it, once for each subscription.
	 * @param <T> the type of its elements
	 * @param invocation the message it runs for
	 * @param guarded what it does
	 * @param operation the operation; it gets the action that was allowed
	 * @return its elements; fails with {@link PermissionNotGrantedException} if it was
	 * not allowed, and then it was not begun
	 */
	public <T> Flux<T> run(HandlerInvocation invocation, GuardedAction guarded,
			Function<PermissionAction, Flux<T>> operation) {
		return Mono.defer(() -> {
			PermissionPolicy policy = this.sessions.current();
			PermissionAction admitted = admitWithGrant(policy, invocation.message(), guarded);
			return (admitted != null) ? Mono.just(admitted) : ask(policy, invocation, guarded);
		}).flatMapMany(operation);
	}

	private Mono<PermissionAction> ask(PermissionPolicy policy, HandlerInvocation invocation, GuardedAction guarded) {
		PermissionQuestion question = question(policy, invocation, guarded);
		return invocation.conversation()
			.ask(question)
			.map(question::admit)
			.onErrorMap(NoAnswerException.class, question::unanswered)
			.flatMap((admitted) -> question.tell().thenReturn(admitted))
			.onErrorResume(PermissionNotGrantedException.class, (ex) -> question.tell().then(Mono.error(ex)));
	}

	private PermissionQuestion question(PermissionPolicy policy, HandlerInvocation invocation, GuardedAction guarded) {
		if (invocation.message().group()) {
			throw new PermissionNotGrantedException("'" + guarded.action().action() + "' needs the permission of one"
					+ " person, and in a group the sender is not proven: ask the person to write to the agent directly");
		}
		return new PermissionQuestion(policy, invocation.message(), invocation.conversation(), guarded,
				this.clock.instant().plus(this.requestTimeout));
	}

	private static @Nullable PermissionAction admitWithGrant(PermissionPolicy policy, AgentMessage message,
			GuardedAction guarded) {
		PermissionGrant grant = policy.find(message.from(), message.conversationId(), guarded.action());
		if (grant == null) {
			return null;
		}
		try {
			return policy.run(grant.requestId(), message.from(), message.conversationId(), guarded.action(),
					Function.identity());
		}
		catch (PermissionNotGrantedException ex) {
			// Another operation has used it, or it has just expired.
			return null;
		}
	}

}
