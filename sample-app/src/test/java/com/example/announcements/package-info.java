/**
 * The agent of {@code docs/how-to/announcements.md}.
 */
@NullMarked
package com.example.announcements;

import org.jspecify.annotations.NullMarked;
