package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import com.example.Application;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.observation.DefaultPacerelleObservationConvention;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.observation.PacerelleObservationContext;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What a client lets others observe, and what it keeps from them.
 */
class ObservationTests {

	private static final String SECRET = "c4n4ry";

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final List<PacerelleObservationContext> ended = new CopyOnWriteArrayList<>();

	private TestAgent agent;

	private TestPerson alice;

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	private void start(AgentMessageHandler handler) {
		this.registry.observationConfig().observationHandler(new Recorder(this.ended));
		this.agent = new TestAgent(this.relay, this.root, (settings) -> settings.observationRegistry(this.registry)
			.handling((handling) -> handling.attempts(2).backoff(Duration.ofMillis(1))), handler).start();
		this.alice = new TestPerson(this.relay, "alice", "conversation", "phone").startSession();
	}

	@Test
	void aMessageIsATraceOfItsSteps() {
		start((message, conversation) -> Mono.just(new Reply("Received: " + message.text())));
		String id = this.alice.write("hello");
		PacerelleObservationContext receive = ended(PacerelleObservation.RECEIVE);
		assertThat(receive.getParentObservation()).isNull();
		assertThat(receive.getOutcome()).isEqualTo("accepted");
		assertThat(receive.getKind()).isEqualTo("text");
		assertThat(receive.getHighCardinalityKeyValues())
			.containsExactlyInAnyOrder(KeyValue.of("conversation.id", "conversation"), KeyValue.of("message.id", id));
		assertThat(path(PacerelleObservation.DECRYPT)).isEqualTo("receive > decrypt");
		assertThat(path(PacerelleObservation.HANDLE)).isEqualTo("receive > handle");
		assertThat(path(PacerelleObservation.SEND)).isEqualTo("receive > send");
		assertThat(path(PacerelleObservation.COMMIT)).isEqualTo("receive > send > commit");
		assertThat(ended(PacerelleObservation.CONNECT).getOutcome()).isEqualTo("connected");
	}

	@Test
	void theCallIsCurrentInAHandler() {
		AtomicReference<Observation> ofThread = new AtomicReference<>();
		AtomicReference<Observation> ofContext = new AtomicReference<>();
		start((message, conversation) -> {
			ofThread.set(this.registry.getCurrentObservation());
			return Mono.deferContextual((context) -> {
				ofContext.set(context.get("micrometer.observation"));
				return Mono.just(new Reply("done"));
			}).subscribeOn(Schedulers.parallel());
		});
		this.alice.write("hello");
		PacerelleObservationContext handle = ended(PacerelleObservation.HANDLE);
		assertThat(ofThread.get().getContext()).isSameAs(handle);
		assertThat(ofContext.get().getContext()).isSameAs(handle);
	}

	@Test
	void whatAHandlerSendsAndAsksIsPartOfItsCall() {
		start((message, conversation) -> conversation.send(new Reply("wait"))
			.then(conversation.ask(Confirm.of("Sure?").id("sure")))
			.map((yes) -> new Reply("done")));
		this.alice.write("hello");
		await().until(() -> this.ended.stream()
			.filter((context) -> context.getOperation() == PacerelleObservation.SEND)
			.count() == 2);
		this.alice.write("{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"sure\",\"value\":true}");
		PacerelleObservationContext ask = ended(PacerelleObservation.ASK);
		assertThat(ask.getOutcome()).isEqualTo("success");
		assertThat(ask.getKind()).isEqualTo("confirm");
		assertThat(path(ask)).isEqualTo("receive > handle > ask");
		await().untilAsserted(() -> assertThat(paths(PacerelleObservation.SEND))
			.containsExactly("receive > handle > send", "receive > handle > ask > send", "receive > send"));
		await().untilAsserted(() -> assertThat(this.ended)
			.filteredOn((context) -> context.getOperation() == PacerelleObservation.RECEIVE)
			.extracting(PacerelleObservationContext::getOutcome)
			.containsExactlyInAnyOrder("no-handler", "accepted"));
	}

	@Test
	void whatABlockingHandlerSendsIsPartOfItsCall() {
		start((message, conversation) -> {
			conversation.send(new Reply("wait")).block();
			return Mono.empty();
		});
		this.alice.write("hello");
		ended(PacerelleObservation.RECEIVE);
		assertThat(path(PacerelleObservation.SEND)).isEqualTo("receive > handle > send");
	}

	@Test
	void failuresAreToldWithoutTheirMessages() {
		start((message, conversation) -> {
			throw Application.failure(message.text());
		});
		this.alice.write(SECRET);
		PacerelleObservationContext receive = ended(PacerelleObservation.RECEIVE);
		assertThat(receive.getOutcome()).isEqualTo("dead-letter");
		assertThat(paths(PacerelleObservation.HANDLE)).hasSize(2);
		PacerelleObservationContext handle = ended(PacerelleObservation.HANDLE);
		assertThat(handle.getOutcome()).isEqualTo("error");
		assertThat(handle.getException()).isEqualTo("IllegalStateException");
		assertThat(List.of(receive, handle)).allSatisfy((context) -> assertThat(context.getError()).isNotNull()
			.hasMessage("java.lang.IllegalStateException")
			.hasStackTraceContaining("Application")
			.satisfies((error) -> assertThat(error.getCause()).hasMessage("java.lang.RuntimeException")));
		assertThat(this.ended).noneMatch((context) -> context.toString().contains(SECRET));
	}

	@Test
	void aMessageThatIsRefusedHasTheReason() {
		start((message, conversation) -> Mono.empty());
		this.alice.write("hello");
		ended(PacerelleObservation.RECEIVE);
		this.ended.clear();
		this.relay.deliver(this.alice.frame("forged".getBytes(StandardCharsets.UTF_8)));
		assertThat(ended(PacerelleObservation.RECEIVE).getOutcome()).isEqualTo("refused");
		assertThat(ended(PacerelleObservation.DECRYPT).getOutcome()).isEqualTo("undecryptable");
	}

	@Test
	void anUploadThatFailsIsObserved() {
		start((message, conversation) -> Mono.empty());
		assertThatThrownBy(() -> this.agent.client().upload(AgentFile.of(SECRET + ".txt", new byte[] { 1 })).block())
			.isInstanceOf(RuntimeException.class);
		PacerelleObservationContext upload = ended(PacerelleObservation.UPLOAD);
		assertThat(upload.getOutcome()).isEqualTo("error");
		assertThat(upload.getException()).isEqualTo("FileTransferException");
		assertThat(upload.toString()).doesNotContain(SECRET);
	}

	@Test
	void aQuestionThatNobodyWaitsForAnyMoreIsCancelled() {
		start((message, conversation) -> Mono.empty());
		this.alice.write("hello");
		ended(PacerelleObservation.RECEIVE);
		this.agent.client()
			.conversation("alice", "conversation")
			.ask(Confirm.of("Sure?").id("sure"))
			.takeUntilOther(Mono.defer(() -> Mono.delay(Duration.ofMillis(1))
				.repeat()
				.takeUntil((tick) -> this.agent.client().load().questions() == 1)
				.then()))
			.block();
		assertThat(ended(PacerelleObservation.ASK).getOutcome()).isEqualTo("cancelled");
	}

	@Test
	void theApplicationMayNameItOtherwise() {
		this.registry.observationConfig().observationConvention(new Shouting());
		start((message, conversation) -> Mono.empty());
		this.alice.write("hello");
		PacerelleObservationContext handle = ended(PacerelleObservation.HANDLE);
		assertThat(handle.getName()).isEqualTo("HANDLE");
		assertThat(handle.getLowCardinalityKeyValues()).contains(KeyValue.of("loud", "true"));
		assertThat(ended(PacerelleObservation.RECEIVE).getName()).isEqualTo("pacerelle.receive");
	}

	@Test
	void nothingIsCreatedWhenNobodyObserves() {
		start((message, conversation) -> Mono.empty());
		assertThat(Observations.NONE.create(PacerelleObservation.RECEIVE, "conversation", "message"))
			.isSameAs(Observation.NOOP);
		Mono<String> work = Mono.just("done");
		assertThat(Observations.NONE.observe(() -> {
			throw new AssertionError("created");
		}, work)).isSameAs(work);
		assertThat(AgentGatewaySettings.builder("agent", "token").build().observationRegistry())
			.isSameAs(ObservationRegistry.NOOP);
	}

	private PacerelleObservationContext ended(PacerelleObservation operation) {
		await().until(() -> this.ended.stream().anyMatch((context) -> context.getOperation() == operation));
		return this.ended.stream()
			.filter((context) -> context.getOperation() == operation)
			.reduce((first, second) -> second)
			.orElseThrow();
	}

	private String path(PacerelleObservation operation) {
		return path(ended(operation));
	}

	private List<String> paths(PacerelleObservation operation) {
		return this.ended.stream()
			.filter((context) -> context.getOperation() == operation)
			.map(ObservationTests::path)
			.toList();
	}

	private static String path(PacerelleObservationContext context) {
		String name = Objects.requireNonNull(context.getName()).replace("pacerelle.", "");
		return (context.getParentObservation() != null)
				? path((PacerelleObservationContext) context.getParentObservation().getContextView()) + " > " + name
				: name;
	}

	private record Recorder(
			List<PacerelleObservationContext> ended) implements ObservationHandler<PacerelleObservationContext> {

		@Override
		public void onStop(PacerelleObservationContext context) {
			this.ended.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof PacerelleObservationContext;
		}

	}

	private static final class Shouting extends DefaultPacerelleObservationConvention {

		Shouting() {
			super(PacerelleObservation.HANDLE);
		}

		@Override
		public String getName() {
			return "HANDLE";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(PacerelleObservationContext context) {
			return super.getLowCardinalityKeyValues(context).and("loud", "true");
		}

	}

}
