/**
 * Where an agent keeps its keys, sessions, receipts and undelivered frames.
 */
@NullMarked
package com.pacerelle.client.store;

import org.jspecify.annotations.NullMarked;
