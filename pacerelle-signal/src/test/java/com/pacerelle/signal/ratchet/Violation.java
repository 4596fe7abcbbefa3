package com.pacerelle.signal.ratchet;

import com.pacerelle.signal.session.SessionCipher;

/**
 * Breaks the rule of its package, which may not know the session.
 */
record Violation(SessionCipher cipher) {
}
