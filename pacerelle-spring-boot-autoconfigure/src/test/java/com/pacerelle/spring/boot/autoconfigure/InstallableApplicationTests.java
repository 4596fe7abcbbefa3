package com.pacerelle.spring.boot.autoconfigure;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.connect.AgentConnectStart;
import com.pacerelle.spring.connect.AgentConnect;
import com.pacerelle.spring.connect.Installation;
import com.pacerelle.spring.connect.InstallationRepository;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.connect.InstallingRelay;
import com.pacerelle.spring.connect.UnknownInstallationException;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.view.RedirectView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application of {@code docs/agent-connect.md}, and browsers that install it.
 */
class InstallableApplicationTests {

	@AutoClose
	private final InstallingRelay relay = new InstallingRelay();

	@TempDir
	Path root;

	@Test
	void aBrowserInstallsTheApplicationAndItsAgentAnswers() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			HttpClient browser = browser();
			URI redirect = begin(browser, context);
			assertThat(get(browser, local(context, redirect)).body()).isEqualTo("Your agent is installed.");
			await().until(() -> this.relay.isConnected("agent-1"));
			this.relay.send("agent-1", "m-1", "Hello");
			await().untilAsserted(() -> assertThat(this.relay.replies("m-1")).containsExactly("Received: Hello"));
			assertThat(get(browser, local(context, redirect)).statusCode()).as("a second time").isEqualTo(400);
		}
	}

	@Test
	void aBrowserCannotCompleteWhatAnotherBegan() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			URI redirect = begin(browser(), context);
			HttpResponse<String> answer = get(browser(), local(context, redirect));
			assertThat(answer.statusCode()).isEqualTo(400);
			assertThat(answer.body()).isEqualTo("Please begin again.");
			assertThat(context.getBean(InstallationRepository.class).findAll()).isEmpty();
		}
	}

	@Test
	void theApplicationWritesByItselfAndUninstalls() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			HttpClient browser = browser();
			get(browser, local(context, begin(browser, context)));
			await().until(() -> this.relay.isConnected("agent-1"));
			Installation installation = context.getBean(InstallationRepository.class).findAll().get(0);
			context.getBean(Reminder.class).remind(installation).block();
			await().untilAsserted(() -> assertThat(this.relay.texts()).containsExactly("Remember!"));
			context.getBean(Uninstaller.class).uninstall("agent-1").block();
			assertThat(context.getBean(InstallationRepository.class).findAll()).isEmpty();
			await().until(() -> !this.relay.isConnected("agent-1"));
		}
	}

	private URI begin(HttpClient browser, ConfigurableApplicationContext context) throws Exception {
		HttpResponse<String> answer = get(browser, local(context, URI.create("https://example.com/install")));
		assertThat(answer.statusCode()).isEqualTo(302);
		return URI.create(answer.headers().firstValue("Location").orElseThrow());
	}

	private ConfigurableApplicationContext start() {
		SpringApplication application = new SpringApplication(Echo.class);
		application.setWebApplicationType(WebApplicationType.SERVLET);
		return application.run("--server.port=0", "--pacerelle.dotenv=", "--pacerelle.e2ee=false",
				"--pacerelle.base-url=" + this.relay.address(), "--pacerelle.store.root=" + this.root,
				"--pacerelle.connect.client-id=client-1", "--pacerelle.connect.connect-key=c0nnect-key",
				"--pacerelle.connect.redirect-uri=https://example.com/installed",
				"--pacerelle.connect.agent-name=Echo");
	}

	private static HttpClient browser() {
		return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
	}

	private static HttpResponse<String> get(HttpClient browser, URI address) throws Exception {
		return browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI local(ConfigurableApplicationContext context, URI address) {
		int port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
		return URI.create("http://localhost:" + port + address.getPath()
				+ ((address.getRawQuery() != null) ? "?" + address.getRawQuery() : ""));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ InstallController.class, Reminder.class, Uninstaller.class })
	static class Echo {

		// tag::handler[]
		@PacerelleHandler
		String echo(String text) {
			return "Received: " + text;
		}
		// end::handler[]

	}

	// tag::controller[]
	@RestController
	static class InstallController {

		private final AgentConnect agentConnect;

		InstallController(AgentConnect agentConnect) {
			this.agentConnect = agentConnect;
		}

		@GetMapping("/install")
		RedirectView install() {
			AgentConnectStart start = this.agentConnect.begin().block();
			return new RedirectView(start.authorizationUrl().toString());
		}

		@GetMapping("/installed")
		Mono<String> installed(@RequestParam String state, @RequestParam String code) {
			return this.agentConnect.complete(state, code).map((installation) -> "Your agent is installed.");
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.BAD_REQUEST)
		String beginAgain(UnknownInstallationException ex) {
			return "Please begin again.";
		}

	}
	// end::controller[]

	// tag::reminder[]
	@Component
	static class Reminder {

		private final InstalledAgents agents;

		Reminder(InstalledAgents agents) {
			this.agents = agents;
		}

		Mono<Void> remind(Installation installation) {
			AgentGatewayClient client = this.agents.client(installation.agentId());
			return (client != null) ? client.conversation(installation.ownerId(), installation.conversationId())
				.sendMessage("Remember!")
				.then() : Mono.empty();
		}

	}
	// end::reminder[]

	// tag::uninstall[]
	@Component
	static class Uninstaller {

		private final AgentConnect agentConnect;

		Uninstaller(AgentConnect agentConnect) {
			this.agentConnect = agentConnect;
		}

		Mono<Void> uninstall(String agentId) {
			return this.agentConnect.remove(agentId);
		}

	}
	// end::uninstall[]

}
