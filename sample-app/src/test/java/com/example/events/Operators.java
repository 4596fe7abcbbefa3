// tag::listener[]
package com.example.events;

import com.pacerelle.client.GatewayEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class Operators {

	private static final Log logger = LogFactory.getLog(Operators.class);

	@EventListener
	void newDevice(GatewayEvent.DeviceAdded event) {
		logger.warn("Compare this verification code with the person's: " + event.device().verificationCode());
	}

	@EventListener
	void failed(GatewayEvent.HandlingFailed event) {
		logger.error("A message could not be handled: " + event);
	}

}
// end::listener[]
