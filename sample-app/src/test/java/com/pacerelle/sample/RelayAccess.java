package com.pacerelle.sample;

import java.net.URI;

/**
 * What an agent needs to know of a relay.
 *
 * @param agentId the agent's id
 * @param token the agent's token
 * @param baseUrl the relay's address
 */
record RelayAccess(String agentId, String token, URI baseUrl) {
}
