package com.pacerelle.spring.permission;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.execution.ToolExecutionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ToolPermissionsTests {

	private final ScriptedConversation conversation = new ScriptedConversation();

	private final HandlerInvocation invocation = new HandlerInvocation(this.conversation.message(), this.conversation);

	private final ToolPermissions permissions = new ToolPermissions(
			new PermissionGuard(new PermissionSessions("Agent", Duration.ofHours(1), Clock.systemUTC()),
					Duration.ofMinutes(5), Clock.systemUTC()));

	private final ToolCallback tool = this.permissions.require(new WeatherTool());

	@Test
	void modelCallsTheToolWhenThePersonAllowsIt() {
		this.conversation.answers.add(ScriptedConversation.ONCE);
		// tag::tool[]
		ToolCallback weather = new WeatherTool();
		ToolCallback guarded = this.permissions.require(weather, PermissionScope.ONCE);
		// end::tool[]
		assertThat(this.invocation.<String>call(() -> guarded.call("{\"city\":\"Oslo\"}"))).isEqualTo("sunny");
		assertThat(this.conversation.asked.get(0).title()).isEqualTo("Allow the tool 'weather'?");
		assertThat(this.conversation.asked.get(0).authorization()).containsEntry("action", "tool.call")
			.containsEntry("resource", "weather")
			.containsEntry("parameters", Map.of("city", "Oslo"));
	}

	@Test
	void modelIsToldThatThePersonRefused() {
		this.conversation.answers.add(ScriptedConversation.NO);
		assertThatExceptionOfType(ToolExecutionException.class)
			.isThrownBy(() -> this.invocation.<String>call(() -> this.tool.call("{}")))
			.withCauseInstanceOf(PermissionNotGrantedException.class)
			.withMessageContaining("did not allow");
	}

	@Test
	void invocationCanComeWithTheToolContext() {
		this.conversation.answers.add(ScriptedConversation.ONCE);
		ToolContext context = new ToolContext(Map.of(ToolPermissions.INVOCATION, this.invocation));
		assertThat(this.tool.call("{}", context)).isEqualTo("sunny");
	}

	@Test
	void callForNoMessageIsRefused() {
		assertThatExceptionOfType(ToolExecutionException.class).isThrownBy(() -> this.tool.call("{}"))
			.withMessageContaining("not called for a message");
	}

	@Test
	void allToolsOfAProviderAreWrapped() {
		// tag::tool[]
		ToolCallbackProvider wrapped = this.permissions.require(ToolCallbackProvider.from(List.of(new WeatherTool())));
		// end::tool[]
		assertThat(wrapped.getToolCallbacks()).hasSize(1).allMatch(PermissionToolCallback.class::isInstance);
	}

	private static final class WeatherTool implements ToolCallback {

		@Override
		public ToolDefinition getToolDefinition() {
			return ToolDefinition.builder().name("weather").description("Tells the weather").inputSchema("{}").build();
		}

		@Override
		public String call(String toolInput) {
			return "sunny";
		}

		@Override
		public String call(String toolInput, ToolContext context) {
			return "sunny";
		}

	}

}
