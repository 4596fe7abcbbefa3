package com.pacerelle.spring.boot.autoconfigure;

import java.time.Clock;
import java.time.Duration;

import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.permission.PermissionAnswers;
import com.pacerelle.spring.permission.PermissionGuard;
import com.pacerelle.spring.permission.PermissionSessions;
import com.pacerelle.spring.permission.RequiresPermission;
import com.pacerelle.spring.permission.ToolPermissions;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PacerellePermissionAutoConfiguration}.
 */
class PacerellePermissionAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PacerellePermissionAutoConfiguration.class));

	@Test
	void annotatedMethodNeedsPermission() {
		this.contextRunner.withBean(Files.class)
			.run((context) -> assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> context.getBean(Files.class).delete())
				.withMessageContaining("not called for a message"));
	}

	@Test
	void beansForAnswersAndToolsAreThere() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(PermissionGuard.class)
			.hasSingleBean(PermissionAnswers.class)
			.hasSingleBean(ToolPermissions.class));
	}

	@Test
	void answersToPermissionsAloneDoNotMakeAnApplicationAnAgent() {
		this.contextRunner.withBean(HandlerMethodRegistry.class)
			.run((context) -> assertThat(context.getBean(HandlerMethodRegistry.class)).satisfies((registry) -> {
				assertThat(registry.handlers()).isNotEmpty();
				assertThat(registry.size()).isZero();
			}));
	}

	@Test
	void applicationBringsItsOwnSessions() {
		PermissionSessions own = new PermissionSessions("Own", Duration.ofMinutes(1), Clock.systemUTC());
		this.contextRunner.withBean(PermissionSessions.class, () -> own)
			.run((context) -> assertThat(context.getBean(PermissionSessions.class)).isSameAs(own));
	}

	@Test
	void permissionsWorkWithoutSpringAi() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).hasSingleBean(PermissionGuard.class)
				.doesNotHaveBean(ToolPermissions.class));
	}

	@Test
	void nothingIsThereWhenTheAgentIsDisabled() {
		this.contextRunner.withPropertyValues("pacerelle.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PermissionGuard.class));
	}

	static class Files {

		@RequiresPermission(action = "file.delete", resource = "/data")
		String delete() {
			return "deleted";
		}

	}

}
