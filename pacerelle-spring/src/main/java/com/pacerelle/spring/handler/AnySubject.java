package com.pacerelle.spring.handler;

import java.util.Map;

import com.pacerelle.client.message.AgentMessage;

/**
 * Any message, in the way of the fifth and sixth row: of some kind, or of any.
 *
 * @param row the row
 */
record AnySubject(int row) implements Subject {

	@Override
	public Map<String, String> match(AgentMessage message) {
		return Map.of();
	}

	@Override
	public boolean overlaps(Subject other) {
		return true;
	}

	@Override
	public String toString() {
		return "";
	}

}
