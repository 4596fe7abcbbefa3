/**
 * Auto-configuration that turns a Spring Boot application into a Pacerelle agent.
 */
@NullMarked
package com.pacerelle.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
