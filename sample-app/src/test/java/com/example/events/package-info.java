/**
 * A listener of {@code docs/observability.md}.
 */
@NullMarked
package com.example.events;

import org.jspecify.annotations.NullMarked;
