/**
 * From a frame to an accepted message: what is handled, when, and what becomes of it
 * (gateway.md section 4).
 */
@NullMarked
package com.pacerelle.client.inbound;

import org.jspecify.annotations.NullMarked;
