/**
 * The Double Ratchet: roots, chains and message keys.
 */
@NullMarked
package com.pacerelle.signal.ratchet;

import org.jspecify.annotations.NullMarked;
