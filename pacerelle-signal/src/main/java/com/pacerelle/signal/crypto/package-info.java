/**
 * Primitives over bytes, which know nothing of the protocol: signatures and points of
 * Curve25519, Kyber1024, HKDF and HMAC.
 */
@NullMarked
package com.pacerelle.signal.crypto;

import org.jspecify.annotations.NullMarked;
