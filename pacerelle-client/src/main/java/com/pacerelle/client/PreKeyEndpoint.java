package com.pacerelle.client;

import java.time.Duration;
import java.util.Base64;
import java.util.List;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignedPreKey;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Publishes the public halves of prekeys (gateway.md section 2.1). Blocks; a status that
 * is not successful is a {@link HttpStatusException}.
 */
final class PreKeyEndpoint {

	private static final int DEVICE_ID = 1;

	/** The agent understands history delivery (gateway.md section 6). */
	private static final List<String> PROTOCOL_FEATURES = List.of("history-v1");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final HttpClient httpClient;

	PreKeyEndpoint(RelayHttpClient relay) {
		this.httpClient = relay.authorized(TIMEOUT)
			.headers((headers) -> headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON));
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
		this.httpClient.request(method)
			.uri(path)
			.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(json)))
			.responseSingle((response, content) -> check(response.status().code()))
			.block(TIMEOUT);
	}

	private static Mono<Void> check(int status) {
		// A redirect as well: what was sent is not there then.
		return (status >= 200 && status < 300) ? Mono.empty() : Mono.error(new HttpStatusException(status));
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
