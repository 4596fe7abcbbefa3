package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.RelayUnreachableException;
import com.pacerelle.client.TokenRefusedException;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AgentGatewayLifecycle} in applications that start and stop.
 */
@ExtendWith(OutputCaptureExtension.class)
class AgentGatewayLifecycleTests {

	/** A thread that is let go needs a moment to end, and the next test counts them. */
	@AfterEach
	void awaitTheEndOfThreads() {
		await().until(() -> keepAliveThreads().findAny().isEmpty());
	}

	@ParameterizedTest
	@EnumSource
	void theClientStartsAndStopsWithEachKindOfApplication(WebApplicationType type) {
		StubClient client = StubClient.thatConnects();
		try (ConfigurableApplicationContext context = run(client, type)) {
			assertThat(context.getBean(AgentGatewayLifecycle.class).isRunning()).isTrue();
			assertThat(client.calls).containsExactly("start");
		}
		assertThat(client.calls).containsExactly("start", "stop within 20s");
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void theClientStopsWhileTheWebServerStillServes(WebApplicationType type) {
		StubClient client = StubClient.thatConnects();
		AtomicBoolean serving = new AtomicBoolean();
		try (ConfigurableApplicationContext context = run(client, type)) {
			BooleanSupplier isServing = () -> ((WebServerApplicationContext) context).getWebServer().getPort() > 0;
			client.stopped = Mono.fromRunnable(() -> serving.set(isServing.getAsBoolean()));
		}
		assertThat(serving).isTrue();
	}

	@Test
	void anApplicationWithoutWebServerStaysAliveUntilItIsClosed() {
		ConfigurableApplicationContext context = run(StubClient.thatConnects(), WebApplicationType.NONE);
		assertThat(keepAliveThreads()).hasSize(1).noneMatch(Thread::isDaemon);
		Thread thread = keepAliveThreads().findFirst().orElseThrow();
		context.close();
		await().until(() -> !thread.isAlive());
	}

	@Test
	void closingWaitsUntilTheClientHasStopped() {
		StubClient client = StubClient.thatConnects();
		Sinks.Empty<Void> stopped = Sinks.empty();
		client.stopped = stopped.asMono();
		ConfigurableApplicationContext context = run(client, WebApplicationType.NONE);
		CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
		await().until(() -> client.calls.contains("stop within 20s"));
		assertThat(closed).isNotDone();
		assertThat(keepAliveThreads()).hasSize(1);
		stopped.tryEmitEmpty();
		await().until(closed::isDone);
	}

	@Test
	void aClientThatFailsToStopIsLoggedAndHoldsNothingUp(CapturedOutput output) {
		StubClient client = StubClient.thatConnects();
		client.stopped = Mono.error(new IllegalStateException("broken"));
		run(client, WebApplicationType.NONE).close();
		assertThat(output).contains("The agent did not stop cleanly").contains("broken");
		awaitTheEndOfThreads();
	}

	@Test
	void theLifecycleCanBeStoppedByItself() {
		StubClient client = StubClient.thatConnects();
		try (ConfigurableApplicationContext context = run(client, WebApplicationType.NONE)) {
			AgentGatewayLifecycle lifecycle = context.getBean(AgentGatewayLifecycle.class);
			lifecycle.stop();
			assertThat(lifecycle.isRunning()).isFalse();
		}
		assertThat(client.calls).containsExactly("start", "stop within 20s");
	}

	@Test
	void theGraceIsConfigurable() {
		StubClient client = StubClient.thatConnects();
		run(client, WebApplicationType.NONE, "--pacerelle.shutdown-grace=3s").close();
		assertThat(client.calls).containsExactly("start", "stop within 3s");
	}

	@Test
	void theGraceFitsIntoWhatSpringWaitsFor(CapturedOutput output) {
		StubClient client = StubClient.thatConnects();
		run(client, WebApplicationType.NONE, "--spring.lifecycle.timeout-per-shutdown-phase=10s").close();
		assertThat(client.calls).containsExactly("start", "stop within 5s");
		assertThat(output).contains("Handlers have 5 s when the application stops, not the 20 s");
	}

	@Test
	void theAgentDoesNotRunAnyMoreWhenItSaysThatItHasStopped() {
		StubClient client = StubClient.thatConnects();
		try (ConfigurableApplicationContext context = run(client, WebApplicationType.NONE)) {
			AgentGatewayLifecycle lifecycle = context.getBean(AgentGatewayLifecycle.class);
			AtomicBoolean running = new AtomicBoolean(true);
			lifecycle.stop(() -> running.set(lifecycle.isRunning()));
			await().untilFalse(running);
		}
	}

	@Test
	void theAgentStartsAgainWithItsApplication(@TempDir Path root) {
		SpringApplication application = new SpringApplication(EchoApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run("--pacerelle.dotenv=",
				"--pacerelle.agent-id=agent-1", "--pacerelle.token=t0ken", "--pacerelle.base-url=http://localhost:1",
				"--pacerelle.store.root=" + root)) {
			AgentGatewayClient client = context.getBean(AgentGatewayClient.class);
			String code = client.verificationCode();
			for (int i = 0; i < 3; i++) {
				context.stop();
				assertThat(context.getBean(AgentGatewayLifecycle.class).isRunning()).isFalse();
				assertThat(client.state()).isEqualTo(ConnectionState.STOPPED);
				context.start();
				assertThat(context.getBean(AgentGatewayLifecycle.class).isRunning()).isTrue();
				await().until(() -> client.state() == ConnectionState.WAITING);
				assertThat(client.verificationCode()).isEqualTo(code);
				assertThat(client.devices("alice")).isEmpty();
			}
		}
	}

	@Test
	void lazyInitializationLeavesTheAgentOn() {
		StubClient client = StubClient.thatConnects();
		run(client, WebApplicationType.NONE, "--spring.main.lazy-initialization=true").close();
		assertThat(client.calls).containsExactly("start", "stop within 20s");
	}

	@Test
	void aRelayThatIsAwayLeavesTheApplicationRunningAndSaysWhatToDo(CapturedOutput output) {
		StubClient client = StubClient
			.thatFailsWith(new RelayUnreachableException("Nothing listens at localhost:1.", new Exception()));
		try (ConfigurableApplicationContext context = run(client, WebApplicationType.NONE)) {
			assertThat(context.getBean(AgentGatewayLifecycle.class).isRunning()).isTrue();
			assertThat(output).contains("WARN").contains("the agent keeps trying. Check 'pacerelle.base-url'");
		}
	}

	@Test
	void aRefusedTokenLeavesTheApplicationRunningAndSaysWhatToDo(CapturedOutput output) {
		StubClient client = StubClient.thatFailsWith(new TokenRefusedException("HTTP status 401."));
		try (ConfigurableApplicationContext context = run(client, WebApplicationType.NONE)) {
			assertThat(context.getBean(AgentGatewayLifecycle.class).isRunning()).isTrue();
			assertThat(output).contains("WARN").contains("the agent keeps trying. Check that 'pacerelle.agent-id'");
		}
	}

	@Test
	void withFailFastAFailureStopsTheClientAndTheStart() {
		StubClient client = StubClient.thatFailsWith(new TokenRefusedException("HTTP status 401."));
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> run(client, WebApplicationType.NONE, "--pacerelle.fail-fast=true"))
			.withRootCauseInstanceOf(TokenRefusedException.class);
		assertThat(client.calls).containsExactly("start", "stop within 0s");
		assertThat(keepAliveThreads()).isEmpty();
	}

	@Test
	void withFailFastTheStartWaitsForTheConnection() {
		StubClient client = new StubClient();
		CompletableFuture<ConfigurableApplicationContext> started = CompletableFuture
			.supplyAsync(() -> run(client, WebApplicationType.NONE, "--pacerelle.fail-fast=true"));
		await().until(() -> client.calls.contains("start"));
		assertThat(started).isNotDone();
		client.connection.tryEmitEmpty();
		started.join().close();
	}

	@Test
	void aStoppedClientIsNotTakenForOneThatCannotConnect(CapturedOutput output) {
		StubClient client = new StubClient();
		run(client, WebApplicationType.NONE).close();
		client.connection.tryEmitError(new IllegalStateException("stopped"));
		assertThat(output).doesNotContain("keeps trying");
	}

	@Test
	void theVerificationCodeIsLoggedOnRequest(CapturedOutput output) {
		run(StubClient.thatConnects(), WebApplicationType.NONE, "--pacerelle.log-verification-code=true").close();
		assertThat(output).contains("0123 4567 89AB CDEF");
	}

	@Test
	void theVerificationCodeIsNotLoggedByDefault(CapturedOutput output) {
		run(StubClient.thatConnects(), WebApplicationType.NONE).close();
		assertThat(output).doesNotContain("0123 4567 89AB CDEF");
	}

	private static Stream<Thread> keepAliveThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("pacerelle-keep-alive"));
	}

	private static ConfigurableApplicationContext run(StubClient client, WebApplicationType type, String... args) {
		SpringApplication application = new SpringApplication(EchoApplication.class);
		application.setWebApplicationType(type);
		application.addInitializers(
				(GenericApplicationContext context) -> context.registerBean(StubClient.class, () -> client));
		String[] allArgs = Stream.concat(Stream.of("--server.port=0", "--pacerelle.dotenv="), Stream.of(args))
			.toArray(String[]::new);
		return application.run(allArgs);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EchoApplication {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

	}

}
