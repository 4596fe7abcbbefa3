package com.pacerelle.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectException;
import com.pacerelle.client.connect.AgentConnectSettings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The way to the relay: certificates, the proxy, and addresses without encryption.
 */
class TransportTests {

	@TempDir
	Path root;

	@Test
	void requestsAndSocketTrustTheCertificateOfTheSettings() throws Exception {
		X509Bundle certificate = certificate("localhost");
		try (TestRelay relay = relay(certificate);
				TestAgent agent = agent(relay, "https://localhost:" + relay.port(), null, trusting(certificate))) {
			agent.start();
			assertThat(agent.client().state()).isEqualTo(ConnectionState.CONNECTED);
			assertThat(relay.connections()).isOne();
			assertThat(relay.bundles()).hasSize(1);
		}
	}

	@Test
	void protocolsOfTheSettingsAreKept() throws Exception {
		X509Bundle certificate = certificate("localhost");
		SSLParameters parameters = new SSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.2" });
		SslContext onlyNewest = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
			.protocols("TLSv1.3")
			.build();
		TransportSettings transport = new TransportSettings(false, trusting(certificate).sslContext(), parameters);
		try (TestRelay relay = new TestRelay(HttpServer.create().secure((ssl) -> ssl.sslContext(onlyNewest)));
				TestAgent agent = agent(relay, "https://localhost:" + relay.port(), null, transport)) {
			assertNotConnected(agent);
		}
	}

	@ParameterizedTest
	@CsvSource({ "localhost, true, false", "relay.example, false, false", "localhost, true, true",
			"relay.example, false, true" })
	void certificateThatDoesNotFitIsRefused(String host, boolean stranger, boolean socket) throws Exception {
		X509Bundle certificate = certificate(host);
		TransportSettings transport = trusting(stranger ? certificate("localhost") : certificate);
		try (TestRelay honest = new TestRelay();
				TestRelay relay = relay(certificate);
				TestAgent agent = socket ? agent(honest, "http://localhost:" + honest.port(),
						"wss://localhost:" + relay.port(), transport)
						: agent(relay, "https://localhost:" + relay.port(), null, transport)) {
			assertNotConnected(agent);
			assertThat(honest.bundles()).hasSize(socket ? 1 : 0);
			assertThat(relay.requests()).isEmpty();
		}
	}

	@Test
	void certificateThatThePlatformDoesNotTrustIsRefused() throws Exception {
		try (TestRelay relay = relay(certificate("localhost"));
				TestAgent agent = agent(relay, "https://localhost:" + relay.port(), null, TransportSettings.DEFAULT)) {
			assertNotConnected(agent);
			assertThat(relay.requests()).isEmpty();
		}
	}

	@Test
	void requestsAndSocketGoThroughTheProxyOfTheSystemPropertiesAndItResolvesTheHost() throws Exception {
		X509Bundle certificate = certificate("relay.example");
		try (TestRelay relay = relay(certificate);
				TestProxy proxy = new TestProxy(relay.port());
				TestAgent agent = agent(relay, "https://relay.example", "wss://relay.example:8443",
						trusting(certificate))) {
			agent.start();
			assertThat(relay.bundles()).hasSize(1);
			assertThat(relay.connections()).isOne();
			assertThat(proxy.targets()).contains("relay.example:443", "relay.example:8443");
		}
	}

	@Test
	void relayOnThisMachineNeedsNoProxy() throws IOException {
		try (TestRelay relay = new TestRelay();
				TestProxy proxy = new TestProxy(relay.port());
				TestAgent agent = agent(relay, "http://127.0.0.1:" + relay.port(), null, TransportSettings.DEFAULT)) {
			agent.start();
			assertThat(proxy.targets()).isEmpty();
		}
	}

	@Test
	void agentConnectTakesTheSameWay() throws Exception {
		X509Bundle certificate = certificate("relay.example");
		try (TestRelay relay = relay(certificate); TestProxy proxy = new TestProxy(relay.port())) {
			StepVerifier.create(connect("https://relay.example", trusting(certificate)).runtimeToken("installation"))
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(
						AgentConnectException.class, (ex) -> assertThat(ex.status()).isEqualTo(404)));
			assertThat(proxy.targets()).containsExactly("relay.example:443");
			StepVerifier.create(connect("https://other.example", trusting(certificate)).runtimeToken("installation"))
				.verifyErrorSatisfies(
						(failure) -> assertThat(failure).hasRootCauseInstanceOf(CertificateException.class));
		}
	}

	@ParameterizedTest
	@CsvSource({ "http://relay.example,,connection.baseUrl, https",
			"http://192.168.0.7:8080,,connection.baseUrl, https", "http://127.0.0.1.example,,connection.baseUrl, https",
			"https://relay.example, ws://relay.example, connection.webSocketUrl, wss",
			"http://localhost, WS://relay.example, connection.webSocketUrl, wss" })
	void addressOfAnotherMachineWithoutEncryptionIsRefusedByName(String baseUrl, @Nullable String webSocketUrl,
			String setting, String scheme) {
		assertThatExceptionOfType(InsecureTransportException.class)
			.isThrownBy(() -> settings(baseUrl, webSocketUrl, TransportSettings.DEFAULT))
			.withMessageStartingWith("'" + setting + "' must be ")
			.withMessageContaining(" " + scheme + " address")
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo(setting));
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:8080,", "http://LOCALHOST,", "http://127.1.2.3,", "http://[::1]:8080,",
			"https://relay.example, wss://relay.example", "https://relay.example, ws://[::1]:1" })
	void addressThatIsEncryptedOrOnThisMachineIsTaken(String baseUrl, @Nullable String webSocketUrl) {
		assertThat(settings(baseUrl, webSocketUrl, TransportSettings.DEFAULT).connection().baseUrl())
			.isEqualTo(URI.create(baseUrl.toLowerCase(Locale.ROOT)));
	}

	@Test
	void transportWithoutEncryptionIsAllowedWhenAskedForAndTellsLoudly() throws IOException {
		TransportSettings insecure = new TransportSettings(true, null, null);
		try (TestRelay relay = new TestRelay();
				TestProxy proxy = new TestProxy(relay.port());
				LogCapture log = new LogCapture()) {
			try (TestAgent agent = agent(relay, "http://relay.example", null, insecure)) {
				agent.start();
			}
			assertThat(proxy.targets()).contains("relay.example:80");
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("WARN TRANSPORT ENCRYPTION IS OFF"))
				.hasSize(1)
				.allMatch((line) -> line.contains("relay.example"));
			connect("http://relay.example:81", insecure);
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("WARN TRANSPORT ENCRYPTION IS OFF"))
				.hasSize(2)
				.anyMatch((line) -> line.contains("relay.example:81"));
		}
	}

	private static void assertNotConnected(TestAgent agent) {
		agent.client().start();
		StepVerifier.create(agent.client().connected()).verifyError(RelayUnreachableException.class);
	}

	private TestAgent agent(TestRelay relay, String baseUrl, @Nullable String webSocketUrl,
			TransportSettings transport) {
		return new TestAgent(relay, this.root,
				(settings) -> settings.connection((connection) -> connection.baseUrl(URI.create(baseUrl))
					.webSocketUrl((webSocketUrl != null) ? URI.create(webSocketUrl) : null)
					.transport(transport)),
				(message, conversation) -> Mono.empty());
	}

	private AgentGatewaySettings settings(String baseUrl, @Nullable String webSocketUrl, TransportSettings transport) {
		return AgentGatewaySettings.builder("agent-1", "token")
			.storeRoot(this.root)
			.connection((connection) -> connection.baseUrl(URI.create(baseUrl))
				.webSocketUrl((webSocketUrl != null) ? URI.create(webSocketUrl) : null)
				.transport(transport))
			.build();
	}

	private static AgentConnectClient connect(String baseUrl, TransportSettings transport) {
		return new AgentConnectClient(new AgentConnectSettings(URI.create(baseUrl), "client", "key",
				URI.create("https://example.com/installed"), "Echo", "", transport));
	}

	private static TestRelay relay(X509Bundle certificate) throws Exception {
		SslContext context = SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
		return new TestRelay(HttpServer.create().secure((ssl) -> ssl.sslContext(context)));
	}

	private static X509Bundle certificate(String host) throws Exception {
		return new CertificateBuilder().subject("CN=" + host)
			.addSanDnsName(host)
			.setIsCertificateAuthority(true)
			.ecp256()
			.buildSelfSigned();
	}

	private static TransportSettings trusting(X509Bundle certificate) throws Exception {
		KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
		trusted.load(null, null);
		trusted.setCertificateEntry("relay", certificate.getCertificate());
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return new TransportSettings(false, context, null);
	}

}
