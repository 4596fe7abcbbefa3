package com.pacerelle.client.message;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a permission. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param scopes for how long it can be given, each at most once, at least one;
 * {@code null} leaves it to the app
 * @param authorization what is asked for in detail (gateway.md section 8), or
 * {@code null}
 */
public record Permission(WidgetHeader header, @Nullable List<PermissionScope> scopes,
		@Nullable Map<String, @Nullable Object> authorization) implements Widget<PermissionDecision> {

	/**
	 * Creates a request.
	 * @throws IllegalArgumentException if the scopes are empty or have one twice, or the
	 * authorization is not of JSON types
	 */
	public Permission {
		if (scopes != null) {
			if (scopes.isEmpty()) {
				throw new IllegalArgumentException("'scopes' must have at least one scope");
			}
			if (Set.copyOf(scopes).size() < scopes.size()) {
				throw new IllegalArgumentException("'scopes' must not have a scope twice");
			}
			scopes = List.copyOf(scopes);
		}
		authorization = (authorization != null) ? JsonValues.copyOf("authorization", authorization) : null;
	}

	/**
	 * Creates a request.
	 * @param title what the agent wants to do
	 * @return the widget
	 */
	public static Permission of(String title) {
		return new Permission(WidgetHeader.of(title), null, null);
	}

	/**
	 * Sets for how long it can be given.
	 * @param scopes the scopes, each once, at least one
	 * @return the widget
	 */
	public Permission scopes(PermissionScope... scopes) {
		return new Permission(this.header, List.of(scopes), this.authorization);
	}

	/**
	 * Sets what is asked for in detail.
	 * @param authorization the fields, of JSON types
	 * @return the widget
	 */
	public Permission authorization(Map<String, ? extends @Nullable Object> authorization) {
		return new Permission(this.header, this.scopes, JsonValues.copyOf("authorization", authorization));
	}

	@Override
	public Permission id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Permission body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Permission expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Permission data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Permission with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Permission header(WidgetHeader header) {
		return new Permission(header, this.scopes, this.authorization);
	}

	@Override
	public String kind() {
		return "permission";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header)
			.put("scopes", (this.scopes != null) ? this.scopes.stream().map(Permission::wireName).toList() : null)
			.put("authorization", this.authorization)
			.build();
	}

	/**
	 * Reads the decision. A permission is given only for a scope that was offered.
	 */
	@Override
	public PermissionDecision read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		Map<?, ?> value = read.value(Map.class, "Grant or deny the permission");
		if (!read.cast(value.get("granted"), Boolean.class, "Grant or deny the permission")) {
			return new PermissionDecision(false, null);
		}
		List<PermissionScope> offered = (this.scopes != null) ? this.scopes : List.of(PermissionScope.values());
		return offered.stream()
			.filter((scope) -> wireName(scope).equals(value.get("scope")))
			.findFirst()
			.map((scope) -> new PermissionDecision(true, scope))
			.orElseThrow(() -> read.invalid("Grant the permission for one of the scopes that are offered"));
	}

	private static String wireName(PermissionScope scope) {
		return scope.name().toLowerCase(Locale.ROOT);
	}

	@Override
	public String toString() {
		return "Permission[id=" + id() + "]";
	}

}
