/**
 * The agent of {@code docs/getting-started.md}.
 */
@NullMarked
package com.example.echo;

import org.jspecify.annotations.NullMarked;
