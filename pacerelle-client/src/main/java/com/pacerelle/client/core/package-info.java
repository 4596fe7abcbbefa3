/**
 * Puts the parts of a client together: the only room that knows every other one.
 */
@NullMarked
package com.pacerelle.client.core;

import org.jspecify.annotations.NullMarked;
