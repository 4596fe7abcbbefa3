package com.pacerelle.client.http;

import org.jspecify.annotations.Nullable;

/**
 * What this client calls itself.
 */
final class UserAgent {

	static final String VALUE = value(UserAgent.class.getPackage().getImplementationVersion());

	private UserAgent() {
	}

	private static String value(@Nullable String version) {
		return "pacerelle-spring-boot/" + ((version != null) ? version : "dev");
	}

}
