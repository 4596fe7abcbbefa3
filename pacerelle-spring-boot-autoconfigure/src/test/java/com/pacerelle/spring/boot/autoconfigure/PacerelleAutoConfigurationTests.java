package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLSocket;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.NewDevicePolicy;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.spring.handler.HandlerCatalog;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.handler.InvalidHandlerException;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.pacerelle.spring.handler.Questions;
import com.pacerelle.spring.permission.PermissionGuard;
import com.pacerelle.spring.permission.PermissionSessions;
import io.micrometer.observation.ObservationRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PacerelleAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PacerelleAutoConfigurationTests {

	@TempDir
	Path storeRoot;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class));

	@Test
	void twoPropertiesAndAHandlerMethodMakeAnAgent() {
		withAgent().withBean(Echo.class)
			.run((context) -> assertThat(context).hasSingleBean(AgentGatewayClient.class)
				.hasSingleBean(HandlerMethodRegistry.class)
				.hasSingleBean(SqliteAgentStore.class)
				.hasSingleBean(AgentGatewayLifecycle.class)
				.hasSingleBean(PropertiesPacerelleConnectionDetails.class));
	}

	@Test
	void aHandlerMayHaveTheClientInjected() {
		withAgent().withBean(Reminder.class).run((context) -> {
			assertThat(context).getBean(HandlerMethodRegistry.class)
				.extracting(HandlerMethodRegistry::size)
				.isEqualTo(1);
			assertThat(context.getBean(Reminder.class).client).isSameAs(context.getBean(AgentGatewayClient.class));
		});
	}

	@Test
	void nothingIsThereWhenItIsSwitchedOff() {
		withAgent().withPropertyValues("pacerelle.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(AgentGatewayClient.class)
				.doesNotHaveBean(AgentGatewayLifecycle.class)
				.doesNotHaveBean(PacerelleProperties.class));
	}

	@Test
	void propertiesBecomeSettings() {
		withAgent()
			.withPropertyValues("pacerelle.base-url=http://127.0.0.1:1/", "pacerelle.web-socket-url=ws://127.0.0.1:2/",
					"pacerelle.e2ee=false", "pacerelle.max-frame-size=2MB", "pacerelle.concurrency=3",
					"pacerelle.queue-capacity=4", "pacerelle.ping-interval=5s", "pacerelle.pong-timeout=6s",
					"pacerelle.connect-timeout=7s", "pacerelle.reconnect.min-backoff=8s",
					"pacerelle.reconnect.max-backoff=9s", "pacerelle.reconnect.token-refused-backoff=10s",
					"pacerelle.handler.no-retry-for=java.lang.IllegalStateException",
					"pacerelle.handler.max-dead-letters=15", "pacerelle.handler.dead-letter-retention=16d",
					"pacerelle.log-exception-messages=true", "pacerelle.handler.attempts=11",
					"pacerelle.handler.backoff=12s", "pacerelle.handler.timeout=14s", "pacerelle.files.max-size=13MB",
					"pacerelle.files.accepted-types=image/*,.pdf", "pacerelle.trust.new-device=approve")
			.run((context) -> assertThat(context.getBean(AgentGatewaySettings.class))
				.isEqualTo(AgentGatewaySettings.builder("agent-1", "s3cr3t")
					.storeRoot(this.storeRoot)
					.encrypted(false)
					.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:1"))
						.webSocketUrl(URI.create("ws://127.0.0.1:2"))
						.maxFrameSize(2 * 1024 * 1024)
						.pingInterval(Duration.ofSeconds(5))
						.pongTimeout(Duration.ofSeconds(6))
						.connectTimeout(Duration.ofSeconds(7))
						.minBackoff(Duration.ofSeconds(8))
						.maxBackoff(Duration.ofSeconds(9))
						.tokenRefusedBackoff(Duration.ofSeconds(10)))
					.handling((handling) -> handling.concurrency(3)
						.queueCapacity(4)
						.attempts(11)
						.backoff(Duration.ofSeconds(12))
						.noRetryFor(Set.of(IllegalStateException.class))
						.maxDeadLetters(15)
						.deadLetterRetention(Duration.ofDays(16))
						.logExceptionMessages(true)
						.timeout(Duration.ofSeconds(14))
						.newDevice(NewDevicePolicy.APPROVE))
					.files((files) -> files.maxSize(13 * 1024 * 1024).acceptedTypes(List.of("image/*", ".pdf")))
					.build()));
	}

	@Test
	void customizersHaveTheLastWordButForTheAddresses() {
		withAgent()
			.withBean("second", AgentGatewaySettingsBuilderCustomizer.class,
					() -> new OrderedCustomizer(2,
							(builder) -> builder.handling((handling) -> handling.concurrency(5))))
			.withBean("first", AgentGatewaySettingsBuilderCustomizer.class,
					() -> new OrderedCustomizer(1,
							(builder) -> builder.handling((handling) -> handling.concurrency(4).queueCapacity(7))
								.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:9"))
									.pingInterval(Duration.ofSeconds(3)))))
			.withPropertyValues("pacerelle.queue-capacity=6")
			.run((context) -> {
				AgentGatewaySettings settings = context.getBean(AgentGatewaySettings.class);
				assertThat(settings.handling().concurrency()).isEqualTo(5);
				assertThat(settings.handling().queueCapacity()).isEqualTo(7);
				assertThat(settings.connection().pingInterval()).isEqualTo(Duration.ofSeconds(3));
				assertThat(settings.connection().baseUrl()).hasToString("http://127.0.0.1:1");
			});
	}

	@Test
	void theObservationRegistryOfTheApplicationObserves() {
		ObservationRegistry registry = ObservationRegistry.create();
		withAgent().withBean(ObservationRegistry.class, () -> registry)
			.run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).observationRegistry())
				.isSameAs(registry));
		withAgent().run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).observationRegistry())
			.isSameAs(ObservationRegistry.NOOP));
	}

	/** Each bean of ours, by the type that an application brings instead. */
	@ParameterizedTest
	@MethodSource
	<T> void eachBeanBacksOff(Class<T> type, Supplier<T> own) {
		ApplicationContextRunner runner = withAgent()
			.withConfiguration(AutoConfigurations.of(PacerellePermissionAutoConfiguration.class));
		runner.run((context) -> assertThat(context).hasSingleBean(type));
		T bean = own.get();
		runner.withBean("own", type, () -> bean)
			.run((context) -> assertThat(context).hasNotFailed().getBean(type).isSameAs(bean));
	}

	static Stream<Arguments> eachBeanBacksOff() {
		Clock clock = Clock.systemUTC();
		return Stream.of(backsOff(AgentMessageHandler.class, () -> (message, conversation) -> Mono.empty()),
				backsOff(Questions.class, () -> mock(Questions.class)),
				backsOff(TransportSettings.class, () -> new TransportSettings(true, null, null)),
				backsOff(CryptoSettings.class, CryptoSettings::standard),
				backsOff(PacerelleConnectionDetails.class, LocalRelay::new),
				backsOff(AgentGatewaySettings.class,
						() -> AgentGatewaySettings.builder("own", "token")
							.storeRoot(Path.of("target", "own"))
							.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:1")))
							.build()),
				backsOff(AgentStore.class, () -> SqliteAgentStore.open(Path.of("target", "own-store"), "own")),
				backsOff(AgentGatewayClient.class, StubClient::thatConnects),
				backsOff(PermissionSessions.class, () -> new PermissionSessions("own", Duration.ofHours(1), clock)),
				backsOff(PermissionGuard.class,
						() -> new PermissionGuard(new PermissionSessions("own", Duration.ofHours(1), clock),
								Duration.ofHours(1), clock)));
	}

	private static <T> Arguments backsOff(Class<T> type, Supplier<? extends T> own) {
		return Arguments.of(type, own);
	}

	@Test
	void anSslBundleBecomesTheCertificatesOfTheTransport() throws Exception {
		X509Bundle certificate = new CertificateBuilder().subject("CN=relay")
			.addSanDnsName("localhost")
			.setIsCertificateAuthority(true)
			.ecp256()
			.buildSelfSigned();
		SslContext server = SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
		DisposableServer relay = HttpServer.create().secure((ssl) -> ssl.sslContext(server)).bindNow();
		withAgent().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues("pacerelle.ssl.bundle=relay", "pacerelle.base-url=https://localhost:" + relay.port(),
					"spring.ssl.bundle.pem.relay.truststore.certificate=" + certificate.getCertificatePEM(),
					"spring.ssl.bundle.pem.relay.options.enabled-protocols=TLSv1.3")
			.run((context) -> {
				TransportSettings transport = context.getBean(AgentGatewaySettings.class).connection().transport();
				assertThat(transport).isSameAs(context.getBean(TransportSettings.class));
				assertThat(transport.sslParameters().getProtocols()).containsExactly("TLSv1.3");
				try (SSLSocket socket = (SSLSocket) transport.sslContext()
					.getSocketFactory()
					.createSocket("localhost", relay.port())) {
					socket.startHandshake();
					assertThat(socket.getSession().getPeerCertificates()).containsExactly(certificate.getCertificate());
				}
			});
		relay.disposeNow(Duration.ofMinutes(1));
	}

	@Test
	void requestsAreSentByTheWebClientBuilderOfTheApplication() {
		List<String> seen = new CopyOnWriteArrayList<>();
		withAgent().withBean(WebClient.Builder.class, () -> WebClient.builder().filter((request, next) -> {
			seen.add(request.method() + " " + request.url());
			return Mono.just(ClientResponse.create(HttpStatus.CREATED).body("{\"id\":\"blob-1\"}").build());
		})).run((context) -> {
			AgentAttachment attachment = context.getBean(AgentGatewayClient.class)
				.upload(AgentFile.of("plan.txt", new ByteArrayResource(new byte[10])))
				.block();
			assertThat(attachment).isNotNull();
			assertThat(attachment.blobId()).isEqualTo("blob-1");
		});
		assertThat(seen).contains("POST http://127.0.0.1:1/agent/blobs");
	}

	@Test
	void requestsHaveWhatTheWebClientBuilderOfTheApplicationSends() {
		List<String> received = new CopyOnWriteArrayList<>();
		DisposableServer relay = HttpServer.create().handle((request, response) -> {
			// The WebSocket is opened by another client, sooner or later than the upload.
			if (!request.requestHeaders().contains(HttpHeaderNames.UPGRADE)) {
				received.add(
						request.requestHeaders().get("X-Tenant") + " " + request.requestHeaders().get("Authorization"));
			}
			return request.receive().then(response.status(201).sendString(Mono.just("{\"id\":\"blob-1\"}")).then());
		}).bindNow();
		withAgent().withUserConfiguration(OwnRequests.class)
			.withPropertyValues("pacerelle.base-url=http://localhost:" + relay.port())
			.run((context) -> context.getBean(AgentGatewayClient.class)
				.upload(AgentFile.of("plan.txt", new ByteArrayResource(new byte[10])))
				.block());
		relay.disposeNow(Duration.ofMinutes(1));
		assertThat(received).isNotEmpty().containsOnly("echo Bearer s3cr3t");
	}

	@Test
	void ofSeveralWebClientBuildersNoneIsUsed() {
		withAgent().withBean("one", WebClient.Builder.class, WebClient::builder)
			.withBean("two", WebClient.Builder.class, WebClient::builder)
			.run((context) -> assertThat(context.getBean(TransportSettings.class))
				.isEqualTo(TransportSettings.DEFAULT));
	}

	@Test
	void theTransportIsEncryptedWithThePlatformsCertificatesByDefault() {
		withAgent().run(
				(context) -> assertThat(context.getBean(TransportSettings.class)).isEqualTo(TransportSettings.DEFAULT));
	}

	@Test
	void connectionDetailsTakeThePlaceOfProperties() {
		this.contextRunner.withPropertyValues("pacerelle.store.root=" + this.storeRoot)
			.withBean(PacerelleConnectionDetails.class, LocalRelay::new)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(PropertiesPacerelleConnectionDetails.class);
				AgentGatewaySettings settings = context.getBean(AgentGatewaySettings.class);
				assertThat(settings.agentId()).isEqualTo("local-agent");
				assertThat(settings.token()).isEqualTo("local-token");
				assertThat(settings.connection().baseUrl()).hasToString("http://127.0.0.1:1");
				assertThat(settings.connection().webSocketUrl()).hasToString("ws://127.0.0.1:1");
			});
	}

	@Test
	void settingsOfTheApplicationNeedNoProperties() {
		AgentGatewaySettings settings = AgentGatewaySettings.builder("own", "token")
			.storeRoot(this.storeRoot)
			.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:1")))
			.build();
		this.contextRunner.withBean(AgentGatewaySettings.class, () -> settings)
			.run((context) -> assertThat(context).getBean(AgentGatewaySettings.class).isSameAs(settings));
	}

	@Test
	void aStoreOfTheApplicationIsUsed() {
		AgentStore store = SqliteAgentStore.open(this.storeRoot, "elsewhere");
		withAgent().withBean(AgentStore.class, () -> store)
			.run((context) -> assertThat(context).getBean(AgentStore.class).isSameAs(store));
		assertThat(this.storeRoot.resolve("agent-1")).doesNotExist();
	}

	@Test
	void theStoreIsEncryptedWithTheKeyOfAProperty() {
		withAgent().withPropertyValues("pacerelle.store.encryption-key=" + base64(1))
			.run((context) -> assertThat(context).hasNotFailed());
		withAgent()
			.withPropertyValues("pacerelle.store.encryption-key=" + base64(2),
					"pacerelle.store.previous-encryption-keys=" + base64(3) + "," + base64(1))
			.run((context) -> assertThat(context).hasNotFailed());
		withAgent().withPropertyValues("pacerelle.store.encryption-key=" + base64(2))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(EncryptionKeyException.class)
				.message()
				.contains(EncryptionKey.of(key(1)).id()));
		withAgent().withPropertyValues("pacerelle.store.encryption-key=")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(EncryptionKeyException.class));
	}

	@Test
	void encryptionKeysAreRedacted() {
		PacerelleProperties.Store store = new PacerelleProperties.Store(StoreType.SQLITE, "root", base64(1),
				List.of(base64(2)), null, true, Duration.ofSeconds(5));
		assertThat(store).hasToString("Store[type=SQLITE, root=root]");
	}

	private static String base64(int key) {
		return Base64.getEncoder().encodeToString(key(key));
	}

	private static byte[] key(int value) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) value);
		return key;
	}

	@Test
	void aClientOfTheApplicationNeedsNoCredentialsAndIsStarted() {
		StubClient client = StubClient.thatConnects();
		this.contextRunner.withBean(AgentGatewayClient.class, () -> client).run((context) -> {
			assertThat(context).doesNotHaveBean(AgentGatewaySettings.class)
				.doesNotHaveBean(AgentStore.class)
				.doesNotHaveBean(PacerelleConnectionDetails.class);
			assertThat(client.calls).containsExactly("start");
		});
	}

	@Test
	void aMessageHandlerOfTheApplicationReplacesHandlerMethods() {
		AgentMessageHandler handler = (message, conversation) -> Mono.empty();
		withAgent().withBean(AgentMessageHandler.class, () -> handler)
			.run((context) -> assertThat(context).doesNotHaveBean(HandlerMethodRegistry.class)
				.getBean(AgentMessageHandler.class)
				.isSameAs(handler));
	}

	@Test
	void aMessageHandlerOfTheApplicationBesideHandlerMethodsIsRefused() {
		AgentMessageHandler handler = (message, conversation) -> Mono.empty();
		withAgent().withBean("own", AgentMessageHandler.class, () -> handler)
			.withBean(Echo.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("gets no messages, because the bean own"));
	}

	@Test
	void helpCanBeTurnedOff() {
		withAgent().withBean(Described.class)
			.run((context) -> assertThat(context.getBean(HandlerCatalog.class).commands()).hasSize(2));
		withAgent().withBean(Described.class)
			.withPropertyValues("pacerelle.handler.help=false")
			.run((context) -> assertThat(context.getBean(HandlerCatalog.class).commands()).hasSize(1));
	}

	@Test
	void questionsAndTheCatalogOfHandlersAreBeans() {
		withAgent().withBean(Echo.class)
			.run((context) -> assertThat(context).hasSingleBean(Questions.class)
				.getBean(HandlerCatalog.class)
				.satisfies((catalog) -> assertThat(catalog.handlers()).hasSize(1)));
	}

	@Test
	void questionsOfTheApplicationAreUsed() {
		withAgent().withBean("own", Questions.class)
			.run((context) -> assertThat(context).hasSingleBean(Questions.class).hasBean("own"));
	}

	@Test
	void theStartIsLoggedWithoutTheToken(CapturedOutput output) {
		withAgent().withBean(Echo.class)
			.run((context) -> assertThat(output).contains("Agent 'agent-1' starts: 1 handler(s), relay 127.0.0.1")
				.contains(this.storeRoot.resolve("agent-1").toString())
				.doesNotContain("s3cr3t"));
	}

	@Test
	void encryptionThatIsOffIsLoggedLoudly(CapturedOutput output) {
		withAgent().withPropertyValues("pacerelle.e2ee=false")
			.run((context) -> assertThat(output).contains("WARN").contains("END-TO-END ENCRYPTION IS OFF"));
	}

	@Test
	void aStoreIsUsedByOneApplicationAtATime() {
		withAgent().run((first) -> {
			withAgent()
				.run((second) -> assertThat(second).getFailure().rootCause().isInstanceOf(StoreInUseException.class));
		});
		withAgent().run((again) -> assertThat(again).hasNotFailed());
	}

	@Test
	void handlersRunOnPlatformThreadsByDefault() {
		withAgent().run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).handling().virtualThreads())
			.isFalse());
	}

	@Test
	void handlersRunOnVirtualThreadsWhenTheApplicationUsesThemAndTheJdkHasThem() {
		withAgent().withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).handling().virtualThreads())
				.isEqualTo(Runtime.version().feature() >= 21));
	}

	private ApplicationContextRunner withAgent() {
		return this.contextRunner.withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=s3cr3t",
				"pacerelle.base-url=http://127.0.0.1:1", "pacerelle.store.root=" + this.storeRoot);
	}

	static class Echo {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRequests {

		// tag::webclient[]
		@Bean
		WebClient.Builder webClientBuilder() {
			return WebClient.builder().defaultHeader("X-Tenant", "echo");
		}
		// end::webclient[]

	}

	static class Reminder {

		private final AgentGatewayClient client;

		Reminder(AgentGatewayClient client) {
			this.client = client;
		}

		@PacerelleHandler
		Mono<Void> remind(AgentMessage message) {
			return this.client.conversation(message.from(), message.conversationId()).sendMessage("Remember!").then();
		}

	}

	static class LocalRelay implements PacerelleConnectionDetails {

		@Override
		public String getAgentId() {
			return "local-agent";
		}

		@Override
		public String getToken() {
			return "local-token";
		}

		@Override
		public URI getBaseUrl() {
			return URI.create("http://127.0.0.1:1");
		}

	}

	private record OrderedCustomizer(int getOrder, AgentGatewaySettingsBuilderCustomizer customizer)
			implements
				AgentGatewaySettingsBuilderCustomizer,
				Ordered {

		@Override
		public void customize(AgentGatewaySettings.Builder builder) {
			this.customizer.customize(builder);
		}

	}

	static class Described {

		@PacerelleHandler(value = "/deploy", description = "Deploys")
		void deploy() {
		}

	}

}
