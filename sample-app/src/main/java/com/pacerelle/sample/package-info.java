/**
 * The documentation's samples.
 */
@NullMarked
package com.pacerelle.sample;

import org.jspecify.annotations.NullMarked;
