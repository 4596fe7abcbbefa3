package com.pacerelle.spring.handler;

import java.util.List;

/**
 * The handlers of the application, such as a {@code /help} lists them.
 */
public interface HandlerCatalog {

	/**
	 * All handlers, one description for each of their routes.
	 * @return the descriptions, the most specific one first; empty before the singletons
	 * are ready
	 */
	List<HandlerDescription> handlers();

	/**
	 * The handlers for commands.
	 * @return the descriptions, by the names of the commands
	 */
	List<HandlerDescription> commands();

}
