package com.pacerelle.client;

/**
 * Where the client stands with the relay.
 */
public enum ConnectionState {

	/** Not started, or stopped. */
	STOPPED,

	/** Publishing prekeys or opening the socket. */
	CONNECTING,

	/** Connected, and the relay answers. */
	CONNECTED,

	/** Waiting before the next attempt, after a passing failure. */
	WAITING,

	/** The relay refused the token; attempts are rare until it is replaced. */
	TOKEN_REFUSED

}
