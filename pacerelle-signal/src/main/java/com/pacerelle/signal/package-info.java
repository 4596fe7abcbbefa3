/**
 * The contract of the session protocol, message version 4: keys, prekeys, addresses, the
 * store and the exceptions.
 */
@NullMarked
package com.pacerelle.signal;

import org.jspecify.annotations.NullMarked;
