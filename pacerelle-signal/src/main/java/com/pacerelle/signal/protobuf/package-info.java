/**
 * Reading and writing the few protobuf messages of the protocol.
 */
@NullMarked
package com.pacerelle.signal.protobuf;

import org.jspecify.annotations.NullMarked;
