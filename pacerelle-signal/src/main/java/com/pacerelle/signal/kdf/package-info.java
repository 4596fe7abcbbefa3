/**
 * The key derivation functions that the session layer and SPQR share.
 */
@NullMarked
package com.pacerelle.signal.kdf;

import org.jspecify.annotations.NullMarked;
