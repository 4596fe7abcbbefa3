package com.pacerelle.spring.permission;

import java.util.Arrays;
import java.util.List;

import com.pacerelle.client.message.PermissionScope;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;

/**
 * Wraps tools of a model so that each call asks the sender of the current message for
 * permission. The person sees the tool's name and its input.
 */
public final class ToolPermissions {

	/**
	 * The key of the tool context under which a
	 * {@link com.pacerelle.spring.handler.HandlerInvocation HandlerInvocation} is found
	 * when the model runs on another thread than the handler.
	 */
	public static final String INVOCATION = "pacerelle.handlerInvocation";

	private final PermissionGuard guard;

	/**
	 * Creates the permissions.
	 * @param guard asks
	 */
	public ToolPermissions(PermissionGuard guard) {
		this.guard = guard;
	}

	/**
	 * Wraps a tool.
	 * @param tool the tool
	 * @param scopes for how long a call with the same input can be allowed; by default
	 * once
	 * @return a tool with the same definition; when the person refuses, it fails with a
	 * {@link org.springframework.ai.tool.execution.ToolExecutionException
	 * ToolExecutionException}, which the model is told
	 */
	public ToolCallback require(ToolCallback tool, PermissionScope... scopes) {
		List<PermissionScope> offered = (scopes.length > 0) ? List.of(scopes) : List.of(PermissionScope.ONCE);
		return new PermissionToolCallback(tool, this.guard, offered);
	}

	/**
	 * Wraps all tools of a provider.
	 * @param tools the provider
	 * @param scopes for how long a call with the same input can be allowed; by default
	 * once
	 * @return a provider of the wrapped tools
	 */
	public ToolCallbackProvider require(ToolCallbackProvider tools, PermissionScope... scopes) {
		return () -> Arrays.stream(tools.getToolCallbacks())
			.map((tool) -> require(tool, scopes))
			.toArray(ToolCallback[]::new);
	}

}
