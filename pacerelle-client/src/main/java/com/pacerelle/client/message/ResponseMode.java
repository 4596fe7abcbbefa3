package com.pacerelle.client.message;

/**
 * Who answers a widget in a group (gateway.md section 5.2).
 */
public enum ResponseMode {

	/** One person answers. */
	INDIVIDUAL,

	/** Everybody in the group votes; for {@code confirm} and {@code choice}. */
	COLLECTIVE

}
