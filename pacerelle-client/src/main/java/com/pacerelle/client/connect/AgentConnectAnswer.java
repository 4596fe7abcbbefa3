package com.pacerelle.client.connect;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Set;

import com.pacerelle.client.TransportSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * An answer of Agent Connect: a JSON object, whose values may be secret and are never
 * part of a message.
 */
final class AgentConnectAnswer {

	static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(
					StreamReadConstraints.builder().maxNestingDepth(16).maxNumberLength(32).maxTokenCount(1000).build())
			.build())
		.build();

	/** RFC 6749 sections 4.1.2.1, 5.2, RFC 6750 section 3.1. */
	private static final Set<String> ERRORS = Set.of("invalid_request", "invalid_client", "invalid_grant",
			"unauthorized_client", "unsupported_grant_type", "unsupported_response_type", "invalid_scope",
			"access_denied", "server_error", "temporarily_unavailable", "invalid_token", "insufficient_scope");

	private final String path;

	private final JsonNode body;

	private AgentConnectAnswer(String path, JsonNode body) {
		this.path = path;
		this.body = body;
	}

	/**
	 * Reads the body of an answer.
	 * @param path the path of the request
	 * @param status the HTTP status
	 * @param body the body
	 * @return the answer
	 * @throws AgentConnectException if the status is not successful, or the body is not a
	 * JSON object
	 */
	static AgentConnectAnswer read(String path, int status, byte[] body) {
		JsonNode json = parse(body);
		if (status < 200 || status >= 300) {
			String error = json.path("error").stringValue("");
			throw failure(path, status, ERRORS.contains(error) ? error : null);
		}
		if (!json.isObject()) {
			throw new AgentConnectException("The relay's answer to POST " + path + " is not a JSON object", status,
					null);
		}
		return new AgentConnectAnswer(path, json);
	}

	private static AgentConnectException failure(String path, int status, @Nullable String error) {
		return new AgentConnectException("The relay answered POST " + path + " with HTTP status " + status
				+ ((error != null) ? " and the error " + error : ""), status, error);
	}

	private static JsonNode parse(byte[] body) {
		try {
			return MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			// Its message quotes the body.
			return MissingNode.getInstance();
		}
	}

	/**
	 * A text that must be there, as the published SDK reads it: numbers are accepted as
	 * well.
	 * @param name the name of the field
	 * @return the text, not blank
	 */
	String text(String name) {
		JsonNode value = this.body.path(name);
		return value.asStringOpt()
			.filter((text) -> value.isValueNode() && !text.isBlank())
			.orElseThrow(() -> malformed(name, "a text"));
	}

	/**
	 * A token, which becomes part of a header.
	 * @param name the name of the field
	 * @return the token: visible ASCII characters
	 */
	String credential(String name) {
		String value = text(name);
		if (!AgentConnectSettings.isCredential(value)) {
			throw malformed(name, "a token");
		}
		return value;
	}

	/**
	 * An address for the browser of a person.
	 * @param name the name of the field
	 * @param transport says which addresses may be used
	 * @return the address
	 */
	URI address(String name, TransportSettings transport) {
		try {
			URI address = new URI(text(name));
			if (AgentConnectSettings.isWebAddress(address) && transport.allows(address)) {
				return address;
			}
		}
		catch (URISyntaxException ex) {
			// Its message quotes the address.
		}
		throw malformed(name, "an https address");
	}

	/**
	 * A time that must be there.
	 * @param name the name of the field
	 * @return the time; UTC if the relay names no offset
	 */
	Instant time(String name) {
		try {
			TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(text(name), OffsetDateTime::from,
					LocalDateTime::from);
			return (time instanceof LocalDateTime local) ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
		}
		catch (DateTimeException ex) {
			throw malformed(name, "a date and time");
		}
	}

	Duration seconds(String name) {
		return Duration.ofSeconds(this.body.path(name)
			.asLongOpt()
			.stream()
			.filter((seconds) -> seconds >= 1 && seconds <= Integer.MAX_VALUE)
			.findAny()
			.orElseThrow(() -> malformed(name, "a number of seconds")));
	}

	private AgentConnectException malformed(String name, String expected) {
		return new AgentConnectException(
				"The relay's answer to POST " + this.path + " has no '" + name + "' that is " + expected, 0, null);
	}

}
