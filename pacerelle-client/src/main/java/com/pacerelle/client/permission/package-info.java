/**
 * Permissions that a person gives to the running agent (gateway.md section 8).
 */
@NullMarked
package com.pacerelle.client.permission;

import org.jspecify.annotations.NullMarked;
