/**
 * Starts the dev relay together with an application, for a development run.
 */
@NullMarked
package com.pacerelle.dev.autoconfigure;

import org.jspecify.annotations.NullMarked;
