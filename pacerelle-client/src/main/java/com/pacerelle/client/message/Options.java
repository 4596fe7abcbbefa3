package com.pacerelle.client.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link Choice} and {@link Choices} have in common.
 */
final class Options {

	private Options() {
	}

	static List<Option> copyOf(List<Option> options) {
		Set<String> ids = new HashSet<>();
		for (Option option : options) {
			if (!ids.add(option.id())) {
				throw new IllegalArgumentException("'options' must not have the id '" + option.id() + "' twice");
			}
		}
		return List.copyOf(options);
	}

	static List<Option> add(List<Option> options, String id, String label) {
		List<Option> more = new ArrayList<>(options);
		more.add(new Option(id, label));
		return more;
	}

	static List<Map<String, String>> spec(List<Option> options) {
		if (options.isEmpty()) {
			throw new IllegalArgumentException("'options' must have at least one option");
		}
		return options.stream().map((option) -> Map.of("id", option.id(), "label", option.label())).toList();
	}

	static boolean offer(List<Option> options, String id) {
		return options.stream().anyMatch((option) -> option.id().equals(id));
	}

}
