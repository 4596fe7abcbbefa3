/**
 * What operators see of an agent: health, info, an endpoint and meters.
 */
@NullMarked
package com.pacerelle.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
