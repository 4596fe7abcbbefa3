/**
 * What the client tells about itself.
 */
@NullMarked
package com.pacerelle.client.event;

import org.jspecify.annotations.NullMarked;
