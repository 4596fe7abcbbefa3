/**
 * Transactions of an application in which an agent sends and accepts.
 */
@NullMarked
package com.pacerelle.spring.transaction;

import org.jspecify.annotations.NullMarked;
