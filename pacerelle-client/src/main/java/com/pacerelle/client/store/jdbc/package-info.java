/**
 * The store in SQLite.
 */
@NullMarked
package com.pacerelle.client.store.jdbc;

import org.jspecify.annotations.NullMarked;
