package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of permissions that persons are asked for.
 *
 * @param requestTimeout How long an unanswered request stays open, and what is granted
 * once can be done.
 * @param sessionLength How long a permission session lasts, and with it what is granted
 * for the session. Nothing that was granted outlives it, or the process.
 */
@ConfigurationProperties("pacerelle.permissions")
record PermissionProperties(@DefaultValue("5m") Duration requestTimeout, @DefaultValue("8h") Duration sessionLength) {

}
