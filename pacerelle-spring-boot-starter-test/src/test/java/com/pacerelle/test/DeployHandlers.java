package com.pacerelle.test;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.AnswerTimeoutException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.Progress;
import com.pacerelle.spring.handler.Argument;
import com.pacerelle.spring.handler.MessageKind;
import com.pacerelle.spring.handler.PacerelleHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

@Component
class DeployHandlers {

	private final Deployments deployments;

	private final AtomicInteger calls = new AtomicInteger();

	DeployHandlers(Deployments deployments) {
		this.deployments = deployments;
	}

	int calls() {
		return this.calls.get();
	}

	// tag::handler[]
	@PacerelleHandler(command = "/deploy")
	Mono<String> deploy(@Argument String version, Conversation conversation) {
		return conversation.ask(Confirm.of("Deploy " + version + "?").id("confirm-deploy"))
			.map((yes) -> yes ? this.deployments.deploy(version) : "Not deployed");
	}
	// end::handler[]

	@PacerelleHandler
	String echo(AgentMessage message) {
		this.calls.incrementAndGet();
		return message.from() + " said " + message.text();
	}

	@PacerelleHandler(command = "/fail", attempts = 1)
	String fail(@Argument Optional<String> why) {
		throw new UnsupportedOperationException("Not now, " + why.orElse("but later"));
	}

	@PacerelleHandler(command = "/confirm")
	Mono<String> confirm(Conversation conversation) {
		return conversation.ask(Confirm.of("Sure?").id("sure"))
			.map(String::valueOf)
			.onErrorReturn(AnswerCancelledException.class, "cancelled");
	}

	// tag::timeout[]
	@PacerelleHandler(command = "/approve")
	Mono<String> approve(Conversation conversation) {
		return conversation.ask(Confirm.of("Approve?").id("approve"), Duration.ofHours(1))
			.map((yes) -> yes ? "Approved" : "Rejected")
			.onErrorReturn(AnswerTimeoutException.class, "Nobody answered");
	}
	// end::timeout[]

	@PacerelleHandler(command = "/choice")
	Mono<String> choice(Conversation conversation) {
		return conversation.ask(Choice.of("Which format?").id("format").option("pdf", "PDF").option("md", "Markdown"))
			.map((format) -> "format: " + format);
	}

	@PacerelleHandler(command = "/choices")
	Mono<String> choices(Conversation conversation) {
		return conversation.ask(Choices.of("Which checks?").id("checks").option("lint", "Lint").option("test", "Tests"))
			.map((checks) -> "checks: " + checks);
	}

	@PacerelleHandler(command = "/form")
	Mono<String> form(Conversation conversation) {
		return conversation
			.ask(Form.of("Prepare a release")
				.id("release")
				.field(FormField.text("version", "Version").required())
				.field(FormField.number("priority", "Priority").min(1).max(5)))
			.map((Map<String, Object> values) -> values.get("version") + ", " + values.get("priority"));
	}

	@PacerelleHandler(command = "/date")
	Mono<String> date(Conversation conversation) {
		return conversation.ask(DateTime.date("When?").id("review")).map((LocalDate date) -> "review: " + date);
	}

	@PacerelleHandler(command = "/permission")
	Mono<String> permission(Conversation conversation) {
		return conversation.ask(Permission.of("Read the folder?").id("read"))
			.map((PermissionDecision decision) -> decision.granted() ? "granted " + decision.scope() : "denied");
	}

	@PacerelleHandler(command = "/upload")
	Mono<String> upload(Conversation conversation) {
		return conversation.ask(FilePicker.of("The brief?").id("brief"))
			.map((List<AgentAttachment> files) -> files.stream()
				.map(AgentAttachment::name)
				.collect(Collectors.joining(", ")));
	}

	@PacerelleHandler(kind = MessageKind.ATTACHMENT)
	Flux<AgentFile> files(List<AgentAttachment> attachments) {
		return Flux.fromIterable(attachments)
			.concatMap(
					(attachment) -> attachment.download().map((content) -> AgentFile.of(attachment.name(), content)));
	}

	@PacerelleHandler(command = "/progress")
	Flux<Progress> progress() {
		Progress begun = Progress.of("Building", 10, 100).id("build").cancellable();
		return Flux.just(begun, begun.value(75)).concatWith(Flux.never()).delaySubscription(Duration.ZERO);
	}

}
