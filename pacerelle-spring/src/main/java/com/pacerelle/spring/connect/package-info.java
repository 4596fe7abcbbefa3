/**
 * Agent Connect in an application: people install it, and each installation is an agent
 * that runs here.
 */
@NullMarked
package com.pacerelle.spring.connect;

import org.jspecify.annotations.NullMarked;
