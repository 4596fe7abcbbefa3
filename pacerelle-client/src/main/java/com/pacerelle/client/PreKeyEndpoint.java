package com.pacerelle.client;

import java.time.Duration;
import java.util.Base64;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignedPreKey;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;

/**
 * Publishes the public halves of prekeys (gateway.md section 2.1). Blocks; a status that
 * is not successful is a
 * {@link org.springframework.web.reactive.function.client.WebClientResponseException}.
 */
final class PreKeyEndpoint {

	private static final int DEVICE_ID = 1;

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final WebClient webClient;

	PreKeyEndpoint(AgentGatewaySettings settings, HttpClient httpClient) {
		this.webClient = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(httpClient.responseTimeout(TIMEOUT)))
			.baseUrl(settings.baseUrl().toString())
			.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + settings.token())
			.defaultHeader(HttpHeaders.USER_AGENT, UserAgent.VALUE)
			.build();
	}

	void publishBundle(AgentStore store, SignedPreKey signed, KyberPreKey kyber) {
		send(HttpMethod.PUT, "/agent/prekey-bundle",
				new Bundle(store.registrationId(), DEVICE_ID, base64(store.identityKeyPair().publicKey()), signed.id(),
						base64(signed.keyPair().publicKey()), base64(signed.signature()), kyber.id(),
						base64(kyber.publicKey()), base64(kyber.signature()), List.of()));
	}

	void publishOneTimePreKeys(List<OneTimePreKey> preKeys) {
		send(HttpMethod.POST, "/agent/one-time-prekeys",
				new OneTimePreKeys(preKeys.stream()
					.map((preKey) -> new PublicPreKey(preKey.id(), base64(preKey.keyPair().publicKey())))
					.toList()));
	}

	private void send(HttpMethod method, String path, Object body) {
		this.webClient.method(method)
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(GatewayJson.MAPPER.writeValueAsString(body))
			.retrieve()
			// A redirect as well: what was sent is not there then.
			.onStatus((status) -> !status.is2xxSuccessful(), ClientResponse::createException)
			.toBodilessEntity()
			.block(TIMEOUT);
	}

	private static String base64(EcPublicKey key) {
		return base64(key.encode());
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	/** The body of {@code PUT /agent/prekey-bundle}: public keys in Base64. */
	private record Bundle(int registrationId, int deviceId, String identityKey, int signedPrekeyId,
			String signedPrekeyPublic, String signedPrekeySignature, int kyberPrekeyId, String kyberPrekeyPublic,
			String kyberPrekeySignature, List<String> protocolFeatures) {
	}

	/** The body of {@code POST /agent/one-time-prekeys}. */
	private record OneTimePreKeys(List<PublicPreKey> oneTimePrekeys) {
	}

	private record PublicPreKey(int prekeyId, String publicKey) {
	}

}
