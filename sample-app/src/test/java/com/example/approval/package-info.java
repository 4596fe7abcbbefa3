/**
 * The agent of {@code docs/how-to/approval.md}.
 */
@NullMarked
package com.example.approval;

import org.jspecify.annotations.NullMarked;
