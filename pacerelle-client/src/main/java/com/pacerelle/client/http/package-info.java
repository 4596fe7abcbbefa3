/**
 * Requests to the relay, which carry the agent's token.
 */
@NullMarked
package com.pacerelle.client.http;

import org.jspecify.annotations.NullMarked;
