package com.pacerelle.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that answers each line of JSON with one. Used by one thread.
 */
final class JsonLinesProcess implements AutoCloseable {

	/**
	 * Longer than the process itself ever waits for something.
	 */
	private static final Duration TIMEOUT = Duration.ofMinutes(11);

	private static final JsonMapper JSON = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private final Process process;

	private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

	private JsonLinesProcess(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "json-lines");
		reader.setDaemon(true);
		reader.start();
	}

	static JsonLinesProcess start(List<String> command) {
		try {
			return new JsonLinesProcess(
					new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Calls a command, and expects that it succeeds.
	 * @param command its name
	 * @param arguments its arguments
	 * @return the answer
	 */
	JsonNode call(String command, Map<String, ? extends @Nullable Object> arguments) {
		Map<String, @Nullable Object> request = new HashMap<>(arguments);
		request.put("cmd", command);
		try {
			OutputStream requests = this.process.getOutputStream();
			requests.write((JSON.writeValueAsString(request) + '\n').getBytes(StandardCharsets.UTF_8));
			requests.flush();
			JsonNode answer = this.answers.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			assertThat(answer).as("answer to '%s'", command).isNotNull();
			assertThat(answer.get("ok").booleanValue()).as("%s: %s", command, answer.get("error")).isTrue();
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	<T> T call(String command, Map<String, ? extends @Nullable Object> arguments, Class<T> type) {
		return JSON.treeToValue(call(command, arguments), type);
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			lines.lines().map(JSON::readTree).forEach(this.answers::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.answers.add(JSON.createObjectNode().put("ok", false).put("error", "the process has ended"));
		}
	}

	/** The end of its input ends the process. */
	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

}
