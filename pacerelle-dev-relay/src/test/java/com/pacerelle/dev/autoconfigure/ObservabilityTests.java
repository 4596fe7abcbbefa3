package com.pacerelle.dev.autoconfigure;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.spring.handler.Argument;
import com.pacerelle.spring.handler.PacerelleHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import com.pacerelle.spring.boot.actuate.PacerelleHealthIndicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An agent with metrics and traces: docs/observability.md shows what this test finds, and
 * nothing that people say is in it.
 */
class ObservabilityTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** In texts, answers, the name of a file and the messages of exceptions. */
	private static final String CANARY = "c4n4ry";

	private static final Pattern TIMES = Pattern.compile("^\\w+_(?:sum|max)\\b");

	/** How many transactions are shared, and what is on its way. */
	private static final Pattern VARYING = Pattern
		.compile("^(pacerelle_frames_undelivered|pacerelle_commit_seconds_count\\S+) .*$");

	private static ConfigurableApplicationContext context;

	private static DevRelay relay;

	private static SimpleTracer tracer;

	private static String page;

	private static String deployed;

	@BeforeAll
	static void converse() {
		context = SpringApplication.run(ReleaseAgent.class, "--pacerelle.dev-relay.enabled=true",
				"--spring.main.banner-mode=off", "--pacerelle.handler.attempts=1",
				"--management.prometheus.metrics.export.enabled=true",
				"--management.metrics.observations.ignored-meters=long-task-timer");
		relay = context.getBean(DevRelay.class);
		tracer = context.getBean(SimpleTracer.class);
		context.getBean(AgentGatewayClient.class).connected().block(PATIENCE);
		Person alice = relay.person("alice", "conversation-1", "phone");
		deployed = deploy(alice);
		Person bob = relay.person("bob", "conversation-2", "phone");
		bob.reply(bob.send(CANARY)).block(PATIENCE);
		bob.reply(bob.send("/fail " + CANARY)).block(PATIENCE);
		bob.reply(bob.answer(CANARY, CANARY)).block(PATIENCE);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(finished("pacerelle receive")).hasSize(5));
		page = context.getBean(PrometheusMeterRegistry.class)
			.scrape()
			.lines()
			.filter((line) -> line.startsWith("pacerelle_"))
			.collect(Collectors.joining("\n"));
	}

	private static String deploy(Person person) {
		String id = person.send("/deploy " + CANARY);
		person.received().filter((message) -> message.text().contains("confirm-deploy")).next().block(PATIENCE);
		person.answer("confirm-deploy", true);
		person.reply(id).filter((message) -> message.text().contains("Deployed")).block(PATIENCE);
		return id;
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void nothingThatPeopleSayIsInMetrics() {
		assertThat(context.getBean(PrometheusMeterRegistry.class).scrape()).contains("pacerelle_handle_seconds")
			.doesNotContain(CANARY)
			.doesNotContain(relay.token())
			.doesNotContain("alice", "conversation-1");
	}

	@Test
	void nothingThatPeopleSayIsInTraces() {
		assertThat(tracer.getSpans()).hasSizeGreaterThan(20)
			.allSatisfy((span) -> assertThat(everything(span)).doesNotContain(CANARY).doesNotContain(relay.token()));
		assertThat(tracer.getSpans()).extracting(SimpleSpan::getError)
			.anySatisfy((error) -> assertThat(error).isNotNull().hasMessage("java.lang.IllegalStateException"));
	}

	private static String everything(SimpleSpan span) {
		StringWriter everything = new StringWriter();
		everything.append(span.toString()).append(span.getTags().toString()).append(span.getEvents().toString());
		if (span.getError() != null) {
			span.getError().printStackTrace(new PrintWriter(everything));
		}
		return everything.toString();
	}

	@Test
	void theTraceIsThatOfTheDocumentation() throws IOException {
		String trace = trace();
		assertThat(block("trace")).as("The trace of docs/observability.md, which should be:%n%s", trace)
			.isEqualTo(trace);
	}

	@Test
	void thePageIsThatOfTheDocumentation() throws IOException {
		String normal = page.lines()
			.filter((line) -> !TIMES.matcher(line).find())
			.map((line) -> VARYING.matcher(line).replaceAll("$1 …") + "\n")
			.collect(Collectors.joining());
		assertThat(block("metrics")).as("The page of docs/observability.md, which should be:%n%s", normal)
			.isEqualTo(normal);
	}

	@Test
	void theAgentIsHealthyWhileTheRelayAnswers() {
		assertThat(context.getBean(PacerelleHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
	}

	private static List<SimpleSpan> finished(String name) {
		return tracer.getSpans()
			.stream()
			.filter((span) -> name.equals(span.getName()) && span.getEndTimestamp().toEpochMilli() > 0)
			.toList();
	}

	/** The spans of the message, each below the one that it is a part of. */
	private static String trace() {
		SimpleSpan root = finished("pacerelle receive").stream()
			.filter((span) -> deployed.equals(span.getTags().get("message.id")))
			.findFirst()
			.orElseThrow();
		List<SimpleSpan> spans = tracer.getSpans()
			.stream()
			.filter((span) -> span.context().traceId().equals(root.context().traceId()))
			.toList();
		StringBuilder trace = new StringBuilder();
		append(trace, root, spans, 0);
		return trace.toString();
	}

	private static void append(StringBuilder trace, SimpleSpan span, List<SimpleSpan> all, int depth) {
		Map<String, String> tags = new TreeMap<>(span.getTags());
		tags.remove("error");
		tags.values().removeIf("none"::equals);
		tags.computeIfPresent("message.id", (key, id) -> "…");
		trace.append("  ".repeat(depth)).append(span.getName()).append(tags.isEmpty() ? "" : " " + tags).append('\n');
		all.stream()
			.filter((child) -> span.context().spanId().equals(child.context().parentId()))
			.forEach((child) -> append(trace, child, all, depth + 1));
	}

	private static String block(String name) throws IOException {
		Matcher block = Pattern.compile("<!-- " + name + " -->\n```text\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("..", "docs", "observability.md")));
		assertThat(block.find()).isTrue();
		return block.group(1);
	}

	@SpringBootApplication
	static class ReleaseAgent {

		@Bean
		SimpleTracer tracer() {
			return new SimpleTracer();
		}

		@Bean
		DefaultTracingObservationHandler tracingHandler(SimpleTracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

		@Bean
		Handlers handlers(ObservationRegistry registry) {
			return new Handlers(registry);
		}

	}

	static class Handlers {

		private final ObservationRegistry registry;

		Handlers(ObservationRegistry registry) {
			this.registry = registry;
		}

		@PacerelleHandler
		String echo(AgentMessage message) {
			return "Received: " + message.text();
		}

		@PacerelleHandler(command = "/fail")
		String fail(AgentMessage message) {
			throw new IllegalStateException(message.text());
		}

		// tag::handler[]
		@PacerelleHandler(command = "/deploy")
		String deploy(@Argument String version, Conversation conversation) {
			if (!conversation.askAndWait(Confirm.of("Deploy " + version + "?").id("confirm-deploy"))) {
				return "Kept";
			}
			byte[] log = Observation.createNotStarted("release.deploy", this.registry).observe(() -> new byte[100]);
			conversation.send(AgentFile.of("deploy-" + version + ".log", log)).block();
			return "Deployed";
		}
		// end::handler[]

	}

}
