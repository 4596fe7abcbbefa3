package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Where the relay of installed agents is: the same as that of the application's own one.
 *
 * @param baseUrl the HTTP address
 * @param webSocketUrl the WebSocket address, or {@code null} to derive it
 */
record RelayAddresses(URI baseUrl, @Nullable URI webSocketUrl) {

	static RelayAddresses of(ObjectProvider<PacerelleConnectionDetails> connectionDetails,
			PacerelleProperties properties) {
		PacerelleConnectionDetails details = connectionDetails.getIfUnique();
		return (details != null) ? new RelayAddresses(details.getBaseUrl(), details.getWebSocketUrl())
				: new RelayAddresses(PropertiesPacerelleConnectionDetails.baseUrl(properties),
						PropertiesPacerelleConnectionDetails.webSocketUrl(properties));
	}

}
