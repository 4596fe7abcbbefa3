/**
 * Agent Connect: how an application is installed by people, and gets an agent for each of
 * them.
 */
@NullMarked
package com.pacerelle.client.connect;

import org.jspecify.annotations.NullMarked;
