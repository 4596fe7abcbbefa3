package com.pacerelle.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An agent in a process of its own, which knows nothing but the documented environment
 * variables. It can be killed and started again on the same store. Its log is kept over
 * all starts, and {@link #close()} looks through it for secrets.
 */
final class AgentProcess implements AutoCloseable {

	private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);

	private final RelayAccess relay;

	private final List<String> command;

	private final Path store;

	private final Path log;

	private @Nullable Process process;

	private AgentProcess(RelayAccess relay, List<String> command, Path store) {
		this.relay = relay;
		this.command = command;
		this.store = store;
		this.log = newDirectory().resolve("agent.log");
		Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
	}

	/**
	 * The sample's repackaged jar.
	 * @param relay the relay
	 * @param arguments for the command line, such as {@code --pacerelle.name=value}
	 * @return the agent, not started
	 */
	static AgentProcess sample(RelayAccess relay, String... arguments) {
		return new AgentProcess(relay, command(List.of("-jar", jar()), arguments), newDirectory());
	}

	/**
	 * The same jar, whose beans were made ready when it was built.
	 * @param relay the relay
	 * @return the agent, not started
	 */
	static AgentProcess sampleAheadOfTime(RelayAccess relay) {
		return new AgentProcess(relay, command(List.of("-Dspring.aot.enabled=true", "-jar", jar())), newDirectory());
	}

	/**
	 * The same jar, whose class path has the tests as well, with a profile that only they
	 * have beans for.
	 * @param relay the relay
	 * @param profile the profile
	 * @param arguments for the command line
	 * @return the agent, not started
	 */
	static AgentProcess sampleWithTests(RelayAccess relay, String profile, String... arguments) {
		return sampleWithTests(relay, profile, List.of(), arguments);
	}

	/**
	 * The same with libraries that only tests have.
	 * @param relay the relay
	 * @param profile the profile
	 * @param libraries a class of each library
	 * @param arguments for the command line
	 * @return the agent, not started
	 */
	static AgentProcess sampleWithTests(RelayAccess relay, String profile, List<Class<?>> libraries,
			String... arguments) {
		String path = Stream
			.concat(Stream.of("target/test-classes"),
					libraries.stream()
						.map((type) -> type.getProtectionDomain().getCodeSource().getLocation().getPath()))
			.collect(Collectors.joining(","));
		return new AgentProcess(relay, command(List.of("-Dspring.profiles.active=" + profile, "-Dloader.path=" + path,
				"-cp", jar(), "org.springframework.boot.loader.launch.PropertiesLauncher"), arguments), newDirectory());
	}

	private static String jar() {
		Path jar = Path.of(System.getProperty("sample.jar", "target/sample-app-0.1.0-SNAPSHOT.jar"));
		assertThat(jar).as("the sample's jar, which './mvnw package' builds").exists();
		return jar.toString();
	}

	private static List<String> command(List<String> jar, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("-XX:TieredStopAtLevel=1"); // starts in half the time
		command.addAll(jar);
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * The echo agent of the published SDK.
	 * @param relay the relay
	 * @return the agent, not started
	 */
	static AgentProcess publishedSdk(RelayAccess relay) {
		return new AgentProcess(relay, PythonEnvironment.command("sdk_echo_agent.py"), newDirectory());
	}

	/**
	 * A second process on the same store.
	 * @return the agent, not started
	 */
	AgentProcess another() {
		return new AgentProcess(this.relay, this.command, this.store);
	}

	AgentProcess start() {
		ProcessBuilder builder = new ProcessBuilder(this.command);
		builder.environment().clear();
		builder.environment().put("PACERELLE_AGENT_ID", this.relay.agentId());
		builder.environment().put("PACERELLE_AGENT_TOKEN", this.relay.token());
		builder.environment().put("PACERELLE_BASE_URL", this.relay.baseUrl().toString());
		builder.environment().put("PACERELLE_STORE_ROOT", this.store.toString());
		File file = this.log.toFile();
		builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(file));
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/**
	 * {@code kill -9}: the process has no chance to do anything.
	 */
	void kill() {
		if (this.process != null) {
			this.process.destroyForcibly();
			exited(this.process);
		}
	}

	/**
	 * Asks the process to end, and expects that it does.
	 */
	void stop() {
		if (this.process != null) {
			this.process.destroy();
			assertThat(exited(this.process)).as("ends when it is asked to, see %s", this.log).isTrue();
		}
	}

	/** The process does nothing at all until {@link #resume()}. */
	void pause() {
		signal("-STOP");
	}

	void resume() {
		if (isRunning()) {
			signal("-CONT");
		}
	}

	private void signal(String signal) {
		try {
			String pid = Long.toString(Objects.requireNonNull(this.process).pid());
			assertThat(exited(new ProcessBuilder("kill", signal, pid).start())).isTrue();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	/** The directory of its store. */
	Path store() {
		return this.store;
	}

	/** How much CPU time this start of the process has taken. */
	Duration cpuTime() {
		return Objects.requireNonNull(this.process).info().totalCpuDuration().orElseThrow();
	}

	String log() {
		try {
			return Files.exists(this.log) ? Files.readString(this.log) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void awaitLog(String text) {
		await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(log()).contains(text));
	}

	@Override
	public void close() {
		try {
			stop();
			DiscreetLog.verify(log(), this.relay.token());
		}
		finally {
			kill();
		}
	}

	private static Path newDirectory() {
		try {
			return Files.createTempDirectory(Files.createDirectories(Path.of("target/agents")), "agent-")
				.toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean exited(Process process) {
		try {
			return process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
