package com.pacerelle.client;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.lang.CheckReturnValue;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What nobody subscribes to is not sent: somebody says so.
 */
class UnsubscribedTests {

	private final TestRelay relay = new TestRelay();

	private final LogCapture log = new LogCapture();

	@TempDir
	private Path root;

	private TestAgent agent;

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
		this.log.close();
	}

	@Test
	void whatReturnsAPublisherSaysThatItIsToBeUsed() {
		this.agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.empty());
		methods().that()
			.haveRawReturnType(assignableTo(Publisher.class))
			.should()
			.beAnnotatedWith(CheckReturnValue.class)
			.check(new ClassFileImporter().importClasses(AgentGatewayClient.class, Conversation.class,
					AgentAttachment.class));
	}

	@Test
	void sendMessageThatNobodySubscribesToIsFound() {
		String id = handle((message, conversation) -> {
			Mono<?> forgotten = conversation.replyingTo("other").sendMessage("s3cret");
			Mono<?> alsoForgotten = conversation.ask(Confirm.of("s3cret?"));
			return Mono.justOrEmpty(Stream.of(forgotten, alsoForgotten).map((any) -> new Reply("Done")).findFirst());
		});
		assertThat(warnings()).singleElement()
			.asString()
			.startsWith("WARN The handler of message " + id + " made 2 messages or questions that nobody subscribed to")
			.contains("sendAndWait")
			.doesNotContain("s3cret");
	}

	@Test
	void whatIsSentOrBelongsToNoHandlerIsNotWarnedOf() {
		handle((message, conversation) -> {
			conversation.sendAndWait(new Reply("first"));
			conversation.show(Progress.of("Build", 1, 2));
			Mono<?> ofTheApplication = this.agent.client().conversation("alice", "c-1").sendMessage("later");
			return conversation.sendMessage("second")
				.thenMany(Flux.<Content>just(new Reply("third"), Progress.of("Build", 2, 2),
						new Reply(ofTheApplication.toString())));
		});
		assertThat(warnings()).isEmpty();
	}

	@Test
	void handlerThatFailsIsNotBlamedForWhatItHadNoTimeFor() {
		this.agent = new TestAgent(this.relay, this.root,
				(message, conversation) -> Mono.error(new IllegalArgumentException("no"))
					.then(conversation.sendMessage("never"))
					.then(Mono.empty()));
		new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("Hello");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		assertThat(warnings()).isEmpty();
	}

	@Test
	void threadThatMustNotBlockIsToldWhatToDoInstead() {
		this.agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.empty());
		Conversation conversation = this.agent.client().conversation("alice", "c-1");
		Mono<SentMessage> sent = Mono.fromCallable(() -> conversation.sendAndWait(new Reply("text")))
			.subscribeOn(Schedulers.parallel());
		assertThatIllegalStateException().isThrownBy(sent::block).withMessageContaining("return what 'send' returns");
	}

	private String handle(AgentMessageHandler handler) {
		this.agent = new TestAgent(this.relay, this.root, handler);
		String id = new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("Hello");
		await().until(() -> this.relay.acknowledged().contains(id));
		return id;
	}

	private List<String> warnings() {
		return this.log.lines().stream().filter((line) -> line.contains("nobody subscribed to")).toList();
	}

}
