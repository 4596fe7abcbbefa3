/**
 * The reactive gateway client: an agent's connection to the relay.
 */
@NullMarked
package com.pacerelle.client;

import org.jspecify.annotations.NullMarked;
