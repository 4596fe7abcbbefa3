package com.pacerelle.spring.connect;

/**
 * A browser came back with a state that no pending installation of its session has: it is
 * forged, too old, or was used before.
 */
public final class UnknownInstallationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnknownInstallationException() {
		super("No installation with this state was begun in this session, or it is too long ago, or it was completed"
				+ " before: begin again");
	}

}
