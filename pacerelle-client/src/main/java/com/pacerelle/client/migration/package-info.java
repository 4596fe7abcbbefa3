/**
 * Agents that come from the published Python SDK.
 */
@NullMarked
package com.pacerelle.client.migration;

import org.jspecify.annotations.NullMarked;
