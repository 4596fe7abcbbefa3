/**
 * Turns: the messages of one conversation in order, many conversations side by side.
 * Knows keys, sizes and tasks, but not what a message is.
 */
@NullMarked
package com.pacerelle.client.dispatch;

import org.jspecify.annotations.NullMarked;
