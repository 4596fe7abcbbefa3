package com.pacerelle.client.permission;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

import org.springframework.util.Assert;

/**
 * An operation that needs a permission: what is done, to what, and how. Two actions are
 * the same when all three are, the parameters compared as JSON in canonical order. Its
 * {@code toString()} has no resource and no parameters.
 */
public final class PermissionAction {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private final String action;

	private final String resource;

	private final String canonicalParameters;

	private PermissionAction(String action, String resource, @Nullable Object parameters) {
		Assert.hasText(action, "'action' must not be blank");
		Assert.hasText(resource, "'resource' must not be blank");
		this.action = action;
		this.resource = resource;
		try {
			JsonNode json = (parameters != null) ? MAPPER.valueToTree(parameters) : NullNode.getInstance();
			requireFinite(json);
			// Only maps are ordered, nodes are not.
			this.canonicalParameters = MAPPER.writeValueAsString(MAPPER.treeToValue(json, Object.class));
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new IllegalArgumentException("'parameters' must be JSON values, or objects that become JSON values");
		}
	}

	/**
	 * Creates an action.
	 * @param action what is done, such as {@code file.delete}; not blank
	 * @param resource to what, such as a path; not blank, and resolved already
	 * @param parameters everything else that matters for the operation: a JSON value or
	 * an object that Jackson makes one of, or {@code null}; a copy is kept
	 * @return the action
	 * @throws IllegalArgumentException if something is blank or the parameters are no
	 * finite JSON value
	 */
	public static PermissionAction of(String action, String resource, @Nullable Object parameters) {
		return new PermissionAction(action, resource, parameters);
	}

	private static void requireFinite(JsonNode json) {
		if (json.isFloatingPointNumber() && !Double.isFinite(json.doubleValue())) {
			throw new IllegalArgumentException("'parameters' must not have a number that is not finite");
		}
		json.forEach(PermissionAction::requireFinite);
	}

	/**
	 * What is done.
	 * @return not blank
	 */
	public String action() {
		return this.action;
	}

	/**
	 * To what it is done.
	 * @return not blank
	 */
	public String resource() {
		return this.resource;
	}

	/**
	 * Everything else that matters.
	 * @return a JSON value of the caller's own, or {@code null}
	 */
	public @Nullable Object parameters() {
		return MAPPER.readValue(this.canonicalParameters, Object.class);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PermissionAction that && this.action.equals(that.action)
				&& this.resource.equals(that.resource) && this.canonicalParameters.equals(that.canonicalParameters);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.action, this.resource, this.canonicalParameters);
	}

	@Override
	public String toString() {
		return "PermissionAction[action=" + this.action + "]";
	}

}
