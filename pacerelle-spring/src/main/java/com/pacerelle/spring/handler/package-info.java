/**
 * Methods that handle the messages to the agent.
 */
@NullMarked
package com.pacerelle.spring.handler;

import org.jspecify.annotations.NullMarked;
