/**
 * The agent of the tutorial, {@code docs/first-agent.md}.
 */
@NullMarked
package com.example.expenses;

import org.jspecify.annotations.NullMarked;
