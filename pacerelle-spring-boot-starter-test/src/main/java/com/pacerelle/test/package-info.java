/**
 * Tests of an agent: people who write to it over a relay in the same process, and what
 * they see.
 */
@NullMarked
package com.pacerelle.test;

import org.jspecify.annotations.NullMarked;
