package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Configuration properties of permissions that persons are asked for.
 *
 * @param requestTimeout How long a person has to answer, and how long what is granted
 * lasts.
 * @param sessionLength How long a permission session lasts. Nothing that was granted
 * outlives it, or the process.
 */
@Validated
@ConfigurationProperties("pacerelle.permissions")
record PermissionProperties(@DefaultValue("5m") @DurationMin(millis = 1) Duration requestTimeout,
		@DefaultValue("8h") @DurationMin(millis = 1) Duration sessionLength) {

}
