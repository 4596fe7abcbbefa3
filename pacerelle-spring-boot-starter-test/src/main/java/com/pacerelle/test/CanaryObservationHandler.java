package com.pacerelle.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.jspecify.annotations.Nullable;

/**
 * The observations that have a canary.
 */
final class CanaryObservationHandler implements ObservationHandler<Observation.Context> {

	private final List<String> found = new CopyOnWriteArrayList<>();

	private volatile @Nullable String canary;

	void watchFor(String canary) {
		this.found.clear();
		this.canary = canary;
	}

	/**
	 * Ends the watch.
	 * @return the observations
	 */
	List<String> found() {
		this.canary = null;
		return List.copyOf(this.found);
	}

	@Override
	public void onStop(Observation.Context context) {
		String watched = this.canary;
		String observation = context.getName() + " " + context.getContextualName() + " " + context.getAllKeyValues();
		if (watched != null && observation.contains(watched)) {
			this.found.add("in an observation: " + observation);
		}
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

}
