package com.pacerelle.spring.handler;

import java.util.stream.Collectors;

/**
 * Answers {@code /help} with the commands and text patterns that have a
 * {@linkplain PacerelleHandler#description() description}, one in each line. It gives way
 * to a handler of the application for {@code /help}, and is not there when nothing has a
 * description.
 */
public class HelpHandler {

	@PacerelleHandler(command = "/help", description = "Lists what you can write")
	String help(HandlerCatalog handlers) {
		return handlers.handlers()
			.stream()
			.filter(HelpHandler::lists)
			.map((handler) -> handler.usage() + ": " + handler.description())
			.distinct()
			.sorted()
			.collect(Collectors.joining("\n"));
	}

	static boolean lists(HandlerDescription handler) {
		return !handler.usage().isEmpty() && !handler.description().isEmpty();
	}

}
