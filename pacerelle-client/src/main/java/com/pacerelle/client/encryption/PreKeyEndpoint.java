package com.pacerelle.client.encryption;

import java.time.Duration;
import java.util.Base64;
import java.util.List;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.http.Bodies;
import com.pacerelle.client.http.HttpStatusException;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignedPreKey;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Publishes the public halves of prekeys (gateway.md section 2.1). Blocks; a status that
 * is not successful is a {@link HttpStatusException}.
 */
public final class PreKeyEndpoint {

	private static final int DEVICE_ID = 1;

	/** The agent understands history delivery (gateway.md section 6). */
	private static final List<String> PROTOCOL_FEATURES = List.of("history-v1");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final WebClient webClient;

	public PreKeyEndpoint(RelayHttpClient relay) {
		this.webClient = relay.authorized(TIMEOUT);
	}

	void publishBundle(AgentStore store, SignedPreKey signed, KyberPreKey kyber) {
		send(HttpMethod.PUT, "/agent/prekey-bundle",
				new Bundle(store.registrationId(), DEVICE_ID, base64(store.identityKeyPair().publicKey()), signed.id(),
						base64(signed.keyPair().publicKey()), base64(signed.signature()), kyber.id(),
						base64(kyber.publicKey()), base64(kyber.signature()), PROTOCOL_FEATURES));
	}

	void publishOneTimePreKeys(List<OneTimePreKey> preKeys) {
		send(HttpMethod.POST, "/agent/one-time-prekeys",
				new OneTimePreKeys(preKeys.stream()
					.map((preKey) -> new PublicPreKey(preKey.id(), base64(preKey.keyPair().publicKey())))
					.toList()));
	}

	private void send(HttpMethod method, String path, Object body) {
		byte[] json = GatewayJson.MAPPER.writeValueAsBytes(body);
		this.webClient.method(method)
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(Bodies.of(json))
			.exchangeToMono((response) -> Bodies.successful(response).then())
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
