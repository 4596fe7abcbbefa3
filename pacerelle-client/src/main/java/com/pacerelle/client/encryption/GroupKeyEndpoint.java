package com.pacerelle.client.encryption;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.http.Bodies;
import com.pacerelle.client.http.RelayHttpClient;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks the relay for the keys of groups (gateway.md section 7). Blocks.
 */
final class GroupKeyEndpoint {

	/** Some thousand envelopes. */
	private static final int MAX_SIZE = 16 * 1024 * 1024;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final WebClient webClient;

	GroupKeyEndpoint(RelayHttpClient relay) {
		this.webClient = relay.authorized(TIMEOUT);
	}

	/**
	 * Fetches what members have sent the agent.
	 * @param conversationId the group's conversation
	 * @return the envelopes of this group, without what is none
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	List<GroupKeyEnvelope> envelopes(String conversationId) {
		try {
			byte[] json = this.webClient.get()
				.uri("/agent/group-keys?conversation_id={conversationId}",
						URLEncoder.encode(conversationId, StandardCharsets.UTF_8).replace("+", "%20"))
				.exchangeToMono((response) -> Bodies.collect(Bodies.successful(response), MAX_SIZE,
						() -> new IllegalStateException("The answer has more than " + MAX_SIZE + " bytes")))
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

	private static GroupKeyException failure(String conversationId, String reason, @Nullable Throwable cause) {
		return new GroupKeyException("The relay could not be asked for the keys of the group " + conversationId + ": "
				+ reason + ". Try again", cause);
	}

}
