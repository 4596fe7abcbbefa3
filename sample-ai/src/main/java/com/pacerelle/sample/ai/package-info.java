/**
 * An agent that answers with a model.
 */
@NullMarked
package com.pacerelle.sample.ai;

import org.jspecify.annotations.NullMarked;
