package com.pacerelle.signal;

import com.pacerelle.signal.session.SessionCipher;
import org.signal.libsignal.protocol.IdentityKey;
import tools.jackson.databind.JsonNode;

/**
 * Breaks the rule of its package, which may not know the session, and those of all
 * packages, which may know neither Jackson nor libsignal.
 */
record Violation(SessionCipher cipher, JsonNode json, IdentityKey key) {
}
