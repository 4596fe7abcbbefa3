/**
 * What the handlers of an agent give to the models of Spring AI.
 */
@NullMarked
package com.pacerelle.spring.ai;

import org.jspecify.annotations.NullMarked;
