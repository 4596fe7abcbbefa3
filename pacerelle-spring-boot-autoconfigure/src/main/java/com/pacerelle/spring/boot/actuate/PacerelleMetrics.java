package com.pacerelle.spring.boot.actuate;

import com.pacerelle.client.AgentGatewayClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for {@link PacerelleMeter}s.
 */
public class PacerelleMetrics implements MeterBinder {

	private final AgentGatewayClient client;

	/**
	 * Creates a binder.
	 * @param client what is measured
	 */
	public PacerelleMetrics(AgentGatewayClient client) {
		this.client = client;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (PacerelleMeter meter : PacerelleMeter.values()) {
			Gauge.builder(meter.getName(), this.client, meter::value)
				.description(meter.description())
				.register(registry);
		}
	}

}
