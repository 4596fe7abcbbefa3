/**
 * The agent of {@code docs/how-to/file-processing.md}.
 */
@NullMarked
package com.example.words;

import org.jspecify.annotations.NullMarked;
