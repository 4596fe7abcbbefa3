package com.pacerelle.signal.session;

import com.pacerelle.signal.EcPublicKey;

/**
 * What is fixed when a session is created (signal.md section 7.2).
 *
 * @param localIdentity the own identity
 * @param remoteIdentity the peer's identity
 * @param localRegistrationId the own registration id, unsigned
 * @param remoteRegistrationId the peer's registration id, unsigned and not authenticated
 * @param baseKey the initiator's ephemeral key, which names the session on both sides
 */
record SessionContext(EcPublicKey localIdentity, EcPublicKey remoteIdentity, int localRegistrationId,
		int remoteRegistrationId, EcPublicKey baseKey) {
}
