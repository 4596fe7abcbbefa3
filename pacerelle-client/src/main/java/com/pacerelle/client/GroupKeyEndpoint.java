package com.pacerelle.client;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.pacerelle.client.codec.GatewayJson;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks the relay for the keys of groups (gateway.md section 7). Blocks.
 */
final class GroupKeyEndpoint {

	/** Some thousand envelopes. */
	private static final int MAX_SIZE = 16 * 1024 * 1024;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final HttpClient httpClient;

	GroupKeyEndpoint(RelayHttpClient relay) {
		this.httpClient = relay.authorized(TIMEOUT);
	}

	/**
	 * Fetches what members have sent the agent.
	 * @param conversationId the group's conversation
	 * @return the envelopes of this group, without what is none
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	List<GroupKeyEnvelope> envelopes(String conversationId) {
		try {
			byte[] json = this.httpClient.get()
				.uri("/agent/group-keys?conversation_id="
						+ URLEncoder.encode(conversationId, StandardCharsets.UTF_8).replace("+", "%20"))
				.response(GroupKeyEndpoint::body)
				.single()
				.block(TIMEOUT.multipliedBy(2));
			JsonNode answer = GatewayJson.MAPPER.readTree(Objects.requireNonNull(json));
			if (!answer.isArray()) {
				throw failure(conversationId, "its answer is not a list", null);
			}
			return answer.valueStream()
				.flatMap((node) -> Stream.ofNullable(GroupKeyEnvelope.read(node)))
				.filter((envelope) -> envelope.id().conversationId().equals(conversationId))
				.toList();
		}
		catch (JacksonException ex) {
			throw failure(conversationId, "its answer is not JSON within the limits", null);
		}
		catch (GroupKeyException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw failure(conversationId, "see the cause", Exceptions.unwrap(ex));
		}
	}

	private static Publisher<byte[]> body(HttpClientResponse response, ByteBufFlux content) {
		int status = response.status().code();
		if (status < 200 || status >= 300) {
			return Mono.error(new HttpStatusException(status));
		}
		return content.asByteArray().collect(ByteArrayOutputStream::new, (body, bytes) -> {
			if (body.size() + bytes.length > MAX_SIZE) {
				throw new IllegalStateException("The answer has more than " + MAX_SIZE + " bytes");
			}
			body.writeBytes(bytes);
		}).map(ByteArrayOutputStream::toByteArray);
	}

	private static GroupKeyException failure(String conversationId, String reason, @Nullable Throwable cause) {
		return new GroupKeyException("The relay could not be asked for the keys of the group " + conversationId + ": "
				+ reason + ". Try again", cause);
	}

}
