package com.pacerelle.client.permission;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Guards operations by explicit, bounded, revocable grants of one session (gateway.md
 * section 8). It lives in memory: nothing that was granted survives the process. It
 * guards only what is passed to {@link #run} or {@link #runMono}.
 * <p>
 * Safe from any thread. It is one table of decisions under one lock, and a quarter of it
 * is documentation: this is why it is longer than other classes.
 */
public final class PermissionPolicy {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
		.withZone(ZoneOffset.UTC);

	private final PermissionSession session;

	private final Clock clock;

	private final ReentrantLock lock = new ReentrantLock();

	/** The oldest first. */
	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private boolean ended;

	/**
	 * Creates a policy.
	 * @param session the session
	 * @param clock tells the time
	 * @throws IllegalArgumentException if the session is over already
	 */
	public PermissionPolicy(PermissionSession session, Clock clock) {
		if (!session.expiresAt().isAfter(clock.instant())) {
			throw new IllegalArgumentException("'session' must expire in the future");
		}
		this.session = session;
		this.clock = clock;
	}

	/**
	 * The session.
	 * @return the session
	 */
	public PermissionSession session() {
		return this.session;
	}

	/**
	 * Whether the session is over.
	 * @return whether nothing can be asked for or run any more
	 */
	public boolean isEnded() {
		return locked(() -> this.ended || isOver(this.session.expiresAt()));
	}

	/**
	 * Remembers a request and makes the widget that asks the person.
	 * @param request the request
	 * @return the widget, to be sent to the person of the request
	 * @throws IllegalArgumentException if there was a request with this id, or it expires
	 * in the past
	 * @throws IllegalStateException if the session is over
	 */
	public Permission request(PermissionRequest request) {
		return locked(() -> {
			if (isEnded()) {
				throw new IllegalStateException("The permission session has ended: begin another one");
			}
			forgetExpired();
			String id = (request.id() != null) ? request.id() : UUID.randomUUID().toString();
			Instant expiresAt = request.expiresAt().isBefore(this.session.expiresAt()) ? request.expiresAt()
					: this.session.expiresAt();
			if (isOver(expiresAt)) {
				throw new IllegalArgumentException("'expiresAt' must be in the future");
			}
			Entry entry = new Entry(id, request, expiresAt);
			if (this.entries.putIfAbsent(id, entry) != null) {
				throw new IllegalArgumentException("'id' must be unique in the session: make another request");
			}
			Permission widget = Permission.of(request.title())
				.id(id)
				.scopes(request.scopes().toArray(PermissionScope[]::new))
				.authorization(authorization(entry, "requested"))
				.expiresAt(expiresAt);
			return (request.body() != null) ? widget.body(request.body()) : widget;
		});
	}

	/**
	 * Processes a message. Its sender is read from the message, never from the answer.
	 * @param message any message to the agent
	 * @return what it means
	 */
	public PermissionOutcome receive(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		return locked(() -> {
			Entry entry = (response != null) ? this.entries.get(response.ref()) : null;
			return (response != null && entry != null) ? receive(message, response, entry)
					: new PermissionOutcome.Unrelated();
		});
	}

	private PermissionOutcome receive(AgentMessage message, WidgetResponse response, Entry entry) {
		if (!message.encrypted()) {
			return rejected(entry, PermissionOutcome.Reason.UNENCRYPTED);
		}
		if (!message.from().equals(entry.request.userId())
				|| !message.conversationId().equals(entry.request.conversationId())) {
			return rejected(entry, PermissionOutcome.Reason.SENDER_MISMATCH);
		}
		if (response.id().isEmpty()) {
			return rejected(entry, PermissionOutcome.Reason.INVALID_RESPONSE);
		}
		if (entry.responseIds.contains(response.id())) {
			return new PermissionOutcome.Duplicate(entry.id);
		}
		Map<?, ?> value = (response.value() instanceof Map<?, ?> map) ? map : Map.of();
		if (!response.cancelled() && !(value.get("granted") instanceof Boolean)) {
			return rejected(entry, PermissionOutcome.Reason.INVALID_RESPONSE);
		}
		if (response.cancelled() || !Boolean.TRUE.equals(value.get("granted"))) {
			entry.responseIds.add(response.id());
			return refused(entry);
		}
		return granted(response, entry, value.get("scope"));
	}

	private PermissionOutcome refused(Entry entry) {
		if (entry.grant != null) {
			entry.grant = entry.grant.state(PermissionGrant.State.REVOKED);
			return new PermissionOutcome.Revoked(entry.id);
		}
		entry.denied = true;
		return new PermissionOutcome.Denied(entry.id);
	}

	private PermissionOutcome granted(WidgetResponse response, Entry entry, @Nullable Object scopeName) {
		if (this.ended) {
			return rejected(entry, PermissionOutcome.Reason.SESSION_ENDED);
		}
		if (isOver(entry.expiresAt)) {
			return rejected(entry, PermissionOutcome.Reason.EXPIRED);
		}
		if (entry.grant != null || entry.denied) {
			return rejected(entry, PermissionOutcome.Reason.ALREADY_DECIDED);
		}
		PermissionScope scope = entry.request.scopes()
			.stream()
			.filter((offered) -> offered.name().toLowerCase(Locale.ROOT).equals(scopeName))
			.findFirst()
			.orElse(null);
		if (scope == null) {
			return rejected(entry, PermissionOutcome.Reason.SCOPE_NOT_OFFERED);
		}
		entry.responseIds.add(response.id());
		PermissionGrant grant = new PermissionGrant(entry.id, entry.request.userId(), entry.request.conversationId(),
				this.session.id(), scope, this.clock.instant(),
				(scope == PermissionScope.SESSION) ? this.session.expiresAt() : entry.expiresAt,
				PermissionGrant.State.ACTIVE);
		entry.grant = grant;
		return new PermissionOutcome.Granted(grant);
	}

	private static PermissionOutcome rejected(Entry entry, PermissionOutcome.Reason reason) {
		return new PermissionOutcome.Rejected(entry.id, reason);
	}

	/**
	 * The grant that allows an action now.
	 * @param userId the person
	 * @param conversationId where
	 * @param action the action
	 * @return an active grant, or {@code null} if there is none
	 */
	public @Nullable PermissionGrant find(String userId, String conversationId, PermissionAction action) {
		return locked(() -> isEnded() ? null
				: this.entries.values()
					.stream()
					.filter((entry) -> entry.covers(userId, conversationId, action))
					.map(this::grant)
					.filter((grant) -> grant != null && grant.state() == PermissionGrant.State.ACTIVE)
					.findFirst()
					.orElse(null));
	}

	/**
	 * Runs an operation under a grant. A grant for {@link PermissionScope#ONCE once} is
	 * used up before the operation begins, and stays so when it fails.
	 * @param <T> the type of the result
	 * @param requestId the id of the request that was granted
	 * @param userId the person for whom it runs
	 * @param conversationId where
	 * @param action what it does
	 * @param operation the operation; it gets the action that was granted, and should use
	 * nothing else
	 * @return its result
	 * @throws PermissionNotGrantedException if nothing allows it; it was not begun
	 */
	public <T extends @Nullable Object> T run(String requestId, String userId, String conversationId,
			PermissionAction action, Function<PermissionAction, T> operation) {
		return operation.apply(admit(requestId, userId, conversationId, action));
	}

	/**
	 * Runs an operation under a grant, each time that it is subscribed to, as
	 * {@link #run}.
	 * @param <T> the type of the result
	 * @param requestId the id of the request that was granted
	 * @param userId the person for whom it runs
	 * @param conversationId where
	 * @param action what it does
	 * @param operation the operation
	 * @return its result; fails with {@link PermissionNotGrantedException} if nothing
	 * allows it
	 */
	public <T> Mono<T> runMono(String requestId, String userId, String conversationId, PermissionAction action,
			Function<PermissionAction, Mono<T>> operation) {
		return Mono.defer(() -> operation.apply(admit(requestId, userId, conversationId, action)));
	}

	private PermissionAction admit(String requestId, String userId, String conversationId, PermissionAction action) {
		return locked(() -> {
			Entry entry = this.entries.get(requestId);
			PermissionGrant grant = (entry != null) ? grant(entry) : null;
			if (entry == null || grant == null) {
				throw new PermissionNotGrantedException("No permission was granted for this request");
			}
			if (this.ended || grant.state() != PermissionGrant.State.ACTIVE) {
				PermissionGrant.State state = this.ended ? PermissionGrant.State.REVOKED : grant.state();
				throw new PermissionNotGrantedException(
						"The permission is " + state.name().toLowerCase(Locale.ROOT) + ": ask for it again");
			}
			if (!entry.covers(userId, conversationId, action)) {
				throw new PermissionNotGrantedException("The permission is for another person, conversation, action,"
						+ " resource or other parameters: ask for this one");
			}
			if (grant.scope() == PermissionScope.ONCE) {
				entry.grant = grant.state(PermissionGrant.State.CONSUMED);
			}
			return entry.request.action();
		});
	}

	/**
	 * Refuses a request for the person, who cancelled it, or takes back what was granted
	 * for it.
	 * @param requestId the id of the request
	 * @return whether there was such a request
	 */
	public boolean deny(String requestId) {
		return locked(() -> {
			Entry entry = this.entries.get(requestId);
			if (entry != null) {
				refused(entry);
			}
			return entry != null;
		});
	}

	/**
	 * Takes a grant back. What runs already is not stopped.
	 * @param requestId the id of the request that was granted
	 * @return whether there was such a grant
	 */
	public boolean revoke(String requestId) {
		return locked(() -> {
			Entry entry = this.entries.get(requestId);
			if (entry == null || entry.grant == null) {
				return false;
			}
			entry.grant = entry.grant.state(PermissionGrant.State.REVOKED);
			return true;
		});
	}

	/**
	 * Ends the session and takes all grants back.
	 */
	public void endSession() {
		locked(() -> {
			this.ended = true;
			this.entries.keySet().forEach(this::revoke);
			return null;
		});
	}

	/**
	 * What was granted in this session, the oldest first. What expired is forgotten at
	 * the next request.
	 * @return the grants
	 */
	public List<PermissionGrant> grants() {
		return locked(() -> this.entries.values()
			.stream()
			.map(this::grant)
			.filter((grant) -> grant != null)
			.map(PermissionGrant.class::cast)
			.toList());
	}

	/**
	 * Shows the person the status of a request.
	 * @param requestId the id of the request
	 * @return the change of its widget, to be sent to the person
	 * @throws IllegalArgumentException if there is no such request
	 */
	public WidgetUpdate update(String requestId) {
		return locked(() -> {
			Entry entry = this.entries.get(requestId);
			if (entry == null) {
				throw new IllegalArgumentException("'requestId' must be the id of a request of this session");
			}
			return new WidgetUpdate(null, requestId,
					Map.of("spec", Map.of("authorization", authorization(entry, status(entry)))));
		});
	}

	private String status(Entry entry) {
		PermissionGrant grant = grant(entry);
		if (grant != null) {
			return (grant.state() == PermissionGrant.State.ACTIVE) ? "granted"
					: grant.state().name().toLowerCase(Locale.ROOT);
		}
		if (entry.denied) {
			return "denied";
		}
		return (this.ended || isOver(entry.expiresAt)) ? "expired" : "requested";
	}

	private Map<String, @Nullable Object> authorization(Entry entry, String status) {
		PermissionAction action = entry.request.action();
		Map<String, @Nullable Object> authorization = new LinkedHashMap<>();
		authorization.put("action", action.action());
		authorization.put("resource", action.resource());
		authorization.put("parameters", action.parameters());
		authorization.put("expires_at",
				TIMESTAMP.format((entry.grant != null) ? entry.grant.expiresAt() : entry.expiresAt));
		authorization.put("session", Map.of("id", this.session.id(), "label", this.session.label(), "expires_at",
				TIMESTAMP.format(this.session.expiresAt())));
		authorization.put("revocable", true);
		authorization.put("status", status);
		return authorization;
	}

	private @Nullable PermissionGrant grant(Entry entry) {
		PermissionGrant grant = entry.grant;
		return (grant != null && grant.state() == PermissionGrant.State.ACTIVE && isOver(grant.expiresAt()))
				? grant.state(PermissionGrant.State.EXPIRED) : grant;
	}

	private boolean isOver(Instant expiresAt) {
		return !this.clock.instant().isBefore(expiresAt);
	}

	private void forgetExpired() {
		this.entries.values().removeIf((entry) -> {
			PermissionGrant grant = grant(entry);
			return isOver(entry.expiresAt) && (grant == null || grant.state() != PermissionGrant.State.ACTIVE);
		});
	}

	private <T extends @Nullable Object> T locked(Supplier<T> step) {
		this.lock.lock();
		try {
			return step.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A request and its outcome.
	 */
	private static final class Entry {

		private final String id;

		private final PermissionRequest request;

		private final Instant expiresAt;

		private final Set<String> responseIds = new HashSet<>();

		private @Nullable PermissionGrant grant;

		private boolean denied;

		Entry(String id, PermissionRequest request, Instant expiresAt) {
			this.id = id;
			this.request = request;
			this.expiresAt = expiresAt;
		}

		boolean covers(String userId, String conversationId, PermissionAction action) {
			return this.request.userId().equals(userId) && this.request.conversationId().equals(conversationId)
					&& this.request.action().equals(action);
		}

	}

}
