package com.pacerelle.spring.handler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.message.AgentMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Texts whose first word is a command.
 *
 * @param command the word
 * @param arguments the names of what follows, which the text may lack
 */
record CommandSubject(String command, List<String> arguments) implements Subject {

	CommandSubject {
		Assert.isTrue(command.matches("\\S+"), () -> "has the command '" + command
				+ "', but a command is one word: what follows it are @Argument parameters, and patterns are a 'text'");
	}

	@Override
	public @Nullable Map<String, String> match(AgentMessage message) {
		String[] words = TextSubject.words(message.text(), 1 + Math.max(1, this.arguments.size()));
		if (message.widgetResponse() != null || !this.command.equalsIgnoreCase(words[0])) {
			return null;
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < this.arguments.size() && i + 1 < words.length; i++) {
			values.put(this.arguments.get(i), words[i + 1]);
		}
		return values;
	}

	@Override
	public boolean overlaps(Subject other) {
		return other instanceof CommandSubject that && this.command.equalsIgnoreCase(that.command);
	}

	@Override
	public int row() {
		return 4;
	}

	@Override
	public String toString() {
		return "command " + this.command;
	}

}
