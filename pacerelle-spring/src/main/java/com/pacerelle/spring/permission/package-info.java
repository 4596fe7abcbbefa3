/**
 * Methods and tools that run when a person allows them (gateway.md section 8).
 */
@NullMarked
package com.pacerelle.spring.permission;

import org.jspecify.annotations.NullMarked;
