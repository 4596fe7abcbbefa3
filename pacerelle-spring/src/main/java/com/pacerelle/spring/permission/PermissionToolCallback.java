package com.pacerelle.spring.permission;

import java.util.List;

import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.permission.PermissionAction;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.execution.ToolExecutionException;
import org.springframework.ai.tool.metadata.ToolMetadata;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tool of a model that runs when the sender of the current message allows it.
 */
final class PermissionToolCallback implements ToolCallback {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final ToolCallback tool;

	private final PermissionGuard guard;

	private final List<PermissionScope> scopes;

	PermissionToolCallback(ToolCallback tool, PermissionGuard guard, List<PermissionScope> scopes) {
		this.tool = tool;
		this.guard = guard;
		this.scopes = scopes;
	}

	@Override
	public ToolDefinition getToolDefinition() {
		return this.tool.getToolDefinition();
	}

	@Override
	public ToolMetadata getToolMetadata() {
		return this.tool.getToolMetadata();
	}

	@Override
	public String call(String toolInput) {
		return call(toolInput, null);
	}

	@Override
	public String call(String toolInput, @Nullable ToolContext toolContext) {
		String name = getToolDefinition().name();
		try {
			GuardedAction guarded = new GuardedAction(PermissionAction.of("tool.call", name, parameters(toolInput)),
					"Allow the tool '" + name + "'?", this.scopes);
			return this.guard.call(invocation(toolContext, name), guarded, (action) -> (toolContext != null)
					? this.tool.call(toolInput, toolContext) : this.tool.call(toolInput));
		}
		catch (PermissionNotGrantedException ex) {
			// What the model is told, so that it can tell the person.
			throw new ToolExecutionException(getToolDefinition(), ex);
		}
	}

	private static HandlerInvocation invocation(@Nullable ToolContext toolContext, String name) {
		Object passed = (toolContext != null) ? toolContext.getContext().get(ToolPermissions.INVOCATION) : null;
		return (passed instanceof HandlerInvocation invocation) ? invocation : HandlerInvocation.current()
			.orElseThrow(() -> new PermissionNotGrantedException("The tool '" + name + "' needs the permission of a"
					+ " person, but is not called for a message: call the model on the thread of a @PacerelleHandler"
					+ " method, or put the HandlerInvocation into the tool context as '" + ToolPermissions.INVOCATION
					+ "'"));
	}

	private static @Nullable Object parameters(String toolInput) {
		try {
			return toolInput.isBlank() ? null : MAPPER.readValue(toolInput, Object.class);
		}
		catch (JacksonException ex) {
			return toolInput;
		}
	}

}
