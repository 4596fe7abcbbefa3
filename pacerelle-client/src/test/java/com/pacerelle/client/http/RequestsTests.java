package com.pacerelle.client.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.LogCapture;
import com.pacerelle.client.TestBlobs;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectException;
import com.pacerelle.client.connect.AgentConnectSettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests are sent as the application's builder says, and the token is in nothing that
 * the application, its logs or its observations see.
 */
class RequestsTests {

	private static final AgentFile FILE = AgentFile.of("plan.txt", new ByteArrayResource(new byte[10]));

	private static final String CREATED = "{\"id\":\"secret-blob\"}";

	@TempDir
	private Path root;

	private final TestBlobs relay = new TestBlobs();

	private final WebClient.Builder builder = WebClient.builder();

	private AgentStore store;

	private AgentGatewayClient client;

	@BeforeEach
	void open() {
		this.store = SqliteAgentStore.open(this.root, "agent-1");
	}

	@AfterEach
	void close() {
		if (this.client != null) {
			this.client.stop(Duration.ZERO).block();
		}
		this.store.close();
		this.relay.close();
	}

	@Test
	void filtersSeeEachRequestWithoutTheToken() {
		List<ClientRequest> seen = new CopyOnWriteArrayList<>();
		this.builder.filter((request, next) -> {
			seen.add(request);
			return next.exchange(ClientRequest.from(request).build());
		});
		AgentAttachment attachment = upload();
		StepVerifier.create(attachment.download()).expectNextCount(1).verifyComplete();
		assertThat(seen).extracting((request) -> request.method().name() + " " + request.url().getRawPath())
			.containsExactly("POST /agent/blobs", "GET /agent/blobs/blob%2F1%20%3F%23%25%2E%2A");
		assertThat(seen).noneMatch((request) -> request.headers().containsHeader(HttpHeaders.AUTHORIZATION));
		assertThat(this.relay.requests()).hasSize(2).allMatch((request) -> request.contains("Bearer token-1"));
	}

	@Test
	void whatTheApplicationSendsElsewhereDoesNotReplaceTheToken() {
		this.builder.baseUrl("http://elsewhere.example")
			.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer other")
			.defaultRequest((request) -> request.httpRequest((outgoing) -> outgoing.getHeaders().setBearerAuth("x")));
		upload();
		assertThat(this.relay.requests()).singleElement().asString().contains("Bearer token-1");
		StepVerifier.create(connect().exchange("code", "verifier")).verifyError(AgentConnectException.class);
		assertThat(this.relay.requests()).last().asString().startsWith("POST /agent-connect/token null ");
	}

	@Test
	void noRedirectIsFollowedWhateverTheConnectorOfTheApplicationDoes() {
		try (TestBlobs elsewhere = new TestBlobs()) {
			this.builder.clientConnector(new ReactorClientHttpConnector(HttpClient.create().followRedirect(true)));
			this.relay.answer((request, response) -> response.status(307)
				.header("Location", elsewhere.settings().build().connection().baseUrl() + "/agent/blobs")
				.send());
			StepVerifier.create(client().upload(FILE))
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(FileTransferException.class)
					.hasMessageContaining("307"));
			assertThat(elsewhere.requests()).isEmpty();
		}
	}

	@Test
	void connectionsAreUsedAgain() {
		List<Integer> connections = new CopyOnWriteArrayList<>();
		this.relay.answer((request, response) -> {
			connections.add(Objects.requireNonNull(request.remoteAddress()).getPort());
			return request.receive().then().thenMany(response.status(201).sendString(Mono.just(CREATED))).then();
		});
		// An answer may be there before its connection is free.
		await().until(() -> {
			upload();
			return Set.copyOf(connections).size() < connections.size();
		});
	}

	@Test
	void observationsHaveNeitherTokensNorIds() {
		List<Observation.Context> observed = new CopyOnWriteArrayList<>();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStop(Observation.Context context) {
				observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		this.builder.observationRegistry(registry);
		StepVerifier.create(upload().download()).expectNextCount(1).verifyComplete();
		StepVerifier.create(connect().runtimeToken("installation-secret")).verifyError(AgentConnectException.class);
		assertThat(observed).hasSize(3)
			.allMatch((context) -> "http.client.requests".equals(context.getName()))
			.extracting((context) -> Objects.requireNonNull(context.getLowCardinalityKeyValue("uri")).getValue())
			.containsExactly("/agent/blobs", "/agent/blobs/{blobId}", "/agent-connect/runtime-token");
		assertThat(observed.stream().map((context) -> context.getContextualName() + " " + context.getAllKeyValues()))
			.noneMatch((tags) -> tags.contains("token-1") || tags.contains("secret") || tags.contains("blob%2F1")
					|| tags.contains("blob/1"));
	}

	@Test
	void logsHaveNoTokenAtAnyLevelAlsoWithTheDetailsOfRequests() {
		this.builder.codecs((codecs) -> codecs.defaultCodecs().enableLoggingRequestDetails(true));
		List<Logger> loggers = Stream.of("org.springframework", "reactor.netty")
			.map((name) -> (Logger) LoggerFactory.getLogger(name))
			.toList();
		List<String> lines;
		try (LogCapture log = new LogCapture()) {
			loggers.forEach((logger) -> logger.setLevel(Level.TRACE));
			StepVerifier.create(upload().download()).expectNextCount(1).verifyComplete();
			StepVerifier.create(connect().runtimeToken("installation-secret")).verifyError(AgentConnectException.class);
			lines = log.lines();
		}
		finally {
			loggers.forEach((logger) -> logger.setLevel(null));
		}
		assertThat(lines).anyMatch((line) -> line.contains("HTTP POST") && line.contains("headers=["))
			.noneMatch((line) -> line.contains("token-1") || line.contains("installation-secret"));
	}

	private AgentAttachment upload() {
		return Objects.requireNonNull(client().upload(FILE).block());
	}

	private AgentGatewayClient client() {
		if (this.client == null) {
			AgentGatewaySettings settings = this.relay.settings()
				.connection((connection) -> connection.transport(transport()))
				.build();
			this.client = new DefaultAgentGatewayClient(settings, this.store, (message, conversation) -> Mono.empty());
		}
		return this.client;
	}

	private AgentConnectClient connect() {
		return new AgentConnectClient(new AgentConnectSettings(this.relay.settings().build().connection().baseUrl(),
				"client", "key", URI.create("https://example.com/installed"), "Echo", "", transport()));
	}

	private TransportSettings transport() {
		return new TransportSettings(false, null, null, this.builder);
	}

}
