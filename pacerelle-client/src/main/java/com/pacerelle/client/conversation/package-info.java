/**
 * What a handler talks to: sending, asking, showing progress.
 */
@NullMarked
package com.pacerelle.client.conversation;

import org.jspecify.annotations.NullMarked;
