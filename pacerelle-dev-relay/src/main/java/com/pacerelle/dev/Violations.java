package com.pacerelle.dev;

import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent did against the protocol: logged, and kept for tests, up to a limit.
 */
final class Violations {

	private static final int MAX_COUNT = 100;

	private static final int MAX_LENGTH = 200;

	private static final Logger logger = LoggerFactory.getLogger(Violations.class);

	private final List<String> violations = new ArrayList<>();

	synchronized void add(String violation) {
		String text = (violation.length() <= MAX_LENGTH) ? violation : violation.substring(0, MAX_LENGTH);
		if (this.violations.size() < MAX_COUNT) {
			this.violations.add(text);
			logger.warn("The agent departs from the gateway protocol: {}", text);
		}
	}

	synchronized List<String> list() {
		return List.copyOf(this.violations);
	}

}
