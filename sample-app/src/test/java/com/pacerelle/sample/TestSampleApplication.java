package com.pacerelle.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.util.StringUtils;

/**
 * Starts the agent together with a relay for development, and a page to chat with it.
 */
class TestSampleApplication {

	// tag::main[]
	public static void main(String[] args) {
		String[] all = StringUtils.addStringToArray(args, "--pacerelle.dev-relay.enabled=true");
		// Developer tools call it again, with all arguments.
		SpringApplication.from(SampleApplication::main).run(StringUtils.removeDuplicateStrings(all));
	}
	// end::main[]

}
