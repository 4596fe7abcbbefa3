/**
 * One socket, and the loop that opens the next one (gateway.md section 3).
 */
@NullMarked
package com.pacerelle.client.connection;

import org.jspecify.annotations.NullMarked;
