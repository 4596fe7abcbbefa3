/**
 * The archive of a conversation, for applications that read one.
 */
@NullMarked
package com.pacerelle.client.history;

import org.jspecify.annotations.NullMarked;
