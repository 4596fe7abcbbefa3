package com.pacerelle.client;

/**
 * The state of the connection to the relay.
 */
public enum ConnectionState {

	/** Not started, or stopped. */
	STOPPED,

	/** Another process has the agent; this one takes over when it is free. */
	STANDBY,

	/** Publishing prekeys or opening the socket. */
	CONNECTING,

	/** Connected, and the relay answers. */
	CONNECTED,

	/** Waiting before the next attempt, after a transient failure. */
	WAITING,

	/** The relay refused the token; attempts are rare until it is replaced. */
	TOKEN_REFUSED

}
