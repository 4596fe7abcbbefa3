/**
 * From content to a delivered frame, and the votes on collective widgets (gateway.md
 * section 5).
 */
@NullMarked
package com.pacerelle.client.outbound;

import org.jspecify.annotations.NullMarked;
