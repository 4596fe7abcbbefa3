/**
 * Encodings, digests and ciphers, which know nothing of the protocol.
 */
@NullMarked
package com.pacerelle.client.codec;

import org.jspecify.annotations.NullMarked;
