/**
 * A relay, a person and a chat page for development and tests, on this machine only.
 */
@NullMarked
package com.pacerelle.dev;

import org.jspecify.annotations.NullMarked;
