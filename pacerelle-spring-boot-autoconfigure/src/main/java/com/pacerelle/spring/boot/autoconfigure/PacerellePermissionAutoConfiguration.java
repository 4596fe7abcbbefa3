package com.pacerelle.spring.boot.autoconfigure;

import java.time.Clock;
import java.time.Duration;

import com.pacerelle.client.TimeSource;
import com.pacerelle.spring.permission.PermissionAnswers;
import com.pacerelle.spring.permission.PermissionBeanPostProcessor;
import com.pacerelle.spring.permission.PermissionGuard;
import com.pacerelle.spring.permission.PermissionSessions;
import com.pacerelle.spring.permission.ToolPermissions;
import org.springframework.ai.tool.ToolCallback;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for methods and tools that need a
 * person's permission.
 */
@AutoConfiguration(after = PacerelleAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pacerelle.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PermissionProperties.class)
public final class PacerellePermissionAutoConfiguration {

	PacerellePermissionAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	PermissionSessions pacerellePermissionSessions(PermissionProperties properties, Environment environment,
			ObjectProvider<TimeSource> time) {
		Duration length = PacerelleConfigurationException.requirePositive("pacerelle.permissions.session-length",
				properties.sessionLength());
		return new PermissionSessions(environment.getProperty("spring.application.name", "Agent"), length, clock(time));
	}

	@Bean
	@ConditionalOnMissingBean
	PermissionGuard pacerellePermissionGuard(PermissionSessions sessions, PermissionProperties properties,
			ObjectProvider<TimeSource> time) {
		Duration timeout = PacerelleConfigurationException.requirePositive("pacerelle.permissions.request-timeout",
				properties.requestTimeout());
		return new PermissionGuard(sessions, timeout, clock(time));
	}

	private static Clock clock(ObjectProvider<TimeSource> time) {
		return time.getIfAvailable(TimeSource::system).clock();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	PermissionAnswers pacerellePermissionAnswers(PermissionSessions sessions) {
		return new PermissionAnswers(sessions);
	}

	@Bean
	static PermissionBeanPostProcessor pacerellePermissionBeanPostProcessor(ObjectProvider<PermissionGuard> guard) {
		return new PermissionBeanPostProcessor(guard::getObject);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ToolCallback.class)
	static final class ToolConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ToolPermissions pacerelleToolPermissions(PermissionGuard guard) {
			return new ToolPermissions(guard);
		}

	}

}
