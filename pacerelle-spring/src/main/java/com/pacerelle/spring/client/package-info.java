/**
 * A client that an application starts, stops, and starts again.
 */
@NullMarked
package com.pacerelle.spring.client;

import org.jspecify.annotations.NullMarked;
