package com.pacerelle.test;

import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.stereotype.Component;

@Component
class InheritedHandlers implements StatusHandler {

	@Override
	public String status() {
		return "All is well";
	}

}

interface StatusHandler {

	@PacerelleHandler(command = "/status")
	String status();

}
