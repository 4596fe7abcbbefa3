package com.pacerelle.sample.ai;

import org.springframework.boot.SpringApplication;
import org.springframework.util.StringUtils;

/**
 * Starts the agent together with a relay for development, and a page to chat with it.
 */
class TestAiSampleApplication {

	public static void main(String[] args) {
		SpringApplication.from(AiSampleApplication::main)
			.run(StringUtils.addStringToArray(args, "--pacerelle.dev-relay.enabled=true"));
	}

}
