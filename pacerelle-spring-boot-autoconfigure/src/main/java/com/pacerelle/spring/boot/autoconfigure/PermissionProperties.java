package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Configuration properties of permissions that persons are asked for.
 *
 * @param requestTimeout How long an unanswered request stays open, and what is granted
 * once can be done.
 * @param sessionLength How long a permission session lasts, and with it what is granted
 * for the session. Nothing that was granted outlives it, or the process.
 */
@Validated
@ConfigurationProperties("pacerelle.permissions")
record PermissionProperties(@DefaultValue("5m") @DurationMin(millis = 1) Duration requestTimeout,
		@DefaultValue("8h") @DurationMin(millis = 1) Duration sessionLength) {

}
