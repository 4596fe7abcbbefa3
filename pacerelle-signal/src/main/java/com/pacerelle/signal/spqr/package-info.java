/**
 * The Sparse Post-Quantum Ratchet, version 1, over incremental ML-KEM-768.
 */
@NullMarked
package com.pacerelle.signal.spqr;

import org.jspecify.annotations.NullMarked;
