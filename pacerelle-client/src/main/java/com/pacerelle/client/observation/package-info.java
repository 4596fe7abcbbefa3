/**
 * What a client lets others observe: the operations, their names and their keys.
 */
@NullMarked
package com.pacerelle.client.observation;

import org.jspecify.annotations.NullMarked;
