/**
 * Frames and plaintexts as they travel.
 */
@NullMarked
package com.pacerelle.client.wire;

import org.jspecify.annotations.NullMarked;
