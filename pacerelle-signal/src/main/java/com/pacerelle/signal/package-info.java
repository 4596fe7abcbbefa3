/**
 * The session protocol of Pacerelle: PQXDH, the Double Ratchet and SPQR, message version
 * 4.
 */
@NullMarked
package com.pacerelle.signal;

import org.jspecify.annotations.NullMarked;
