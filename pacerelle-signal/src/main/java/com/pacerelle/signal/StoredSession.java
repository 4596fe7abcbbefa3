package com.pacerelle.signal;

/**
 * The current session with a peer, as it was last stored.
 *
 * @param version counts how often it was stored, from 1
 * @param session the encoded session, which holds secrets
 */
public record StoredSession(long version, byte[] session) {

	@Override
	public String toString() {
		return "StoredSession[version=" + this.version + "]";
	}

}
