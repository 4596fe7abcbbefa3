package com.pacerelle.client.observation;

import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;

/**
 * Says what an operation is called and which keys it has. One that is registered with the
 * {@link io.micrometer.observation.ObservationRegistry} replaces the default for the
 * contexts that it supports.
 *
 * @see DefaultPacerelleObservationConvention
 */
public interface PacerelleObservationConvention extends GlobalObservationConvention<PacerelleObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PacerelleObservationContext;
	}

}
