package com.pacerelle.dev;

/**
 * The agent publishes another identity than the one that the person trusted: it lost its
 * store, or somebody else answers in its place. Nothing was sent.
 */
public final class AgentIdentityChangedException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	AgentIdentityChangedException() {
		super("The agent's identity changed: compare its verification code, then trust the new identity");
	}

}
