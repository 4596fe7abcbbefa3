package com.pacerelle.spring.handler;

/**
 * A handler of the application.
 *
 * @param route which messages it is for, such as {@code widget deploy-*} or
 * {@code command /deploy, GROUP} or {@code default}
 * @param usage what a person writes, such as {@code /deploy <service> [env]}, where the
 * arguments in brackets may be left out; empty if it is for no command or text pattern
 * @param description {@linkplain PacerelleHandler#description() what it does}, or empty
 * @param method the class and name of the method
 */
public record HandlerDescription(String route, String usage, String description, String method) {
}
