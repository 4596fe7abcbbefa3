package com.pacerelle.spring.handler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.answerTo;
import static com.pacerelle.spring.handler.TestMessages.cancelled;
import static com.pacerelle.spring.handler.TestMessages.file;
import static com.pacerelle.spring.handler.TestMessages.inGroup;
import static com.pacerelle.spring.handler.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handlers of {@code docs/handlers.md} do what it says.
 */
class HandlerGuideTests {

	@AutoClose
	private static final HandlerContext agent = HandlerContext.started(Agent.class, Errors.class, AccountResolver.class,
			ReportConverter.class, LocalValidatorFactoryBean.class);

	@Test
	void texts() {
		assertThat(agent.reply(text("hello"))).isEqualTo("Received: hello");
		assertThat(agent.reply(text("/restart api"))).isEqualTo("Restarting api");
		assertThat(agent.reply(text("/restart api at night"))).isEqualTo("Restarting api: at night");
		assertThat(agent.reply(text("/restart"))).isEqualTo("service is missing");
		assertThat(agent.reply(text("/scale 3"))).isEqualTo("Scaling to 3");
		assertThat(agent.reply(text("/scale 100"))).isEqualTo("replicas must be less than or equal to 10");
		assertThat(agent.reply(text("Move api to eu-west"))).isEqualTo("Moving api to eu-west");
		assertThat(agent.reply(file("look"))).isEqualTo("1 file(s)");
		assertThat(agent.reply(inGroup("/status"))).isEqualTo("Ask me in private");
		assertThat(agent.reply(text("/status"))).isEqualTo("All is well");
	}

	@Test
	void widgetsAndTheirAnswers() {
		assertThat(agent.handle(text("/deploy 1.2")))
			.containsExactly(Confirm.of("Deploy 1.2?").id("confirm-deploy:1.2").danger().labels("Deploy", "Cancel"));
		assertThat(agent.handle(answer("confirm-deploy:1.2", true))).hasSize(2)
			.allSatisfy((progress) -> assertThat(((Progress) progress).title()).isEqualTo("Deploying 1.2"));
		assertThat(agent.handle(answer("confirm-deploy:1.2", false))).isEmpty();
		assertThat(agent.reply(cancelled("confirm-deploy:1.2"))).isEqualTo("1.2 was not deployed");
		Confirm rollback = (Confirm) agent.handle(text("roll api back from 1.2 to 1.1")).get(0);
		assertThat(agent.reply(answerTo(rollback, true))).isEqualTo("api is at 1.1");
		assertThat(agent.reply(answerTo(rollback, false))).isEqualTo("It stays at 1.2");
		assertThat(agent.reply(answer("choose-format", "pdf"))).isEqualTo("PDF it is");
		assertThat(agent.reply(answer("choose-region", "eu"))).isEqualTo("In eu");
		assertThat(agent.reply(cancelled("choose-region"))).isEqualTo("Anywhere");
		assertThat(agent.reply(answer("other", List.of(1)))).isEqualTo("other: [1]");
		assertThat(agent.reply(cancelled("other"))).isEqualTo("Cancelled: other");
	}

	@Test
	void recordsAsQuestions() {
		Form form = (Form) agent.handle(text("/release")).get(0);
		assertThat(form.id()).isEqualTo("release-form");
		assertThat(form.fields()).hasSize(3);
		Map<String, Object> release = Map.of("version", "1.2", "priority", 3, "announce", true);
		assertThat(agent.reply(answer("release-form", release))).isEqualTo("Releasing 1.2");
		assertThat(agent.reply(answer("release-form", Map.of("version", "", "priority", 3))))
			.isEqualTo("Please check: version must not be blank");
		assertThat(agent.handle(text("/format"))).first()
			.isInstanceOfSatisfying(Choice.class, (choice) -> assertThat(choice.id()).isEqualTo("choose-format"));
	}

	@Test
	void results() {
		assertThat(agent.handle(text("/logs"))).hasSize(2);
		assertThat(agent.reply(text("/count"))).isEqualTo("1|2|3");
		assertThat(agent.reply(text("/story"))).isEqualTo("Once upon a time");
	}

	@Test
	void errors() {
		assertThat(agent.reply(text("/disk"))).isEqualTo("The disk is full");
		assertThat(agent.reply(text("/oops"))).isEqualTo("Something went wrong (m1)");
	}

	@Test
	void extensions() {
		assertThat(agent.reply(text("/account"))).isEqualTo("Account of u1");
		assertThat(agent.reply(text("/report"))).isEqualTo("Quarterly: 42");
	}

	@Test
	void codeBelow() {
		assertThat(agent.reply(text("/audit"))).isEqualTo("u1 did audit");
	}

	@Test
	void help() {
		assertThat(agent.reply(text("/help"))).contains("/help: Lists the commands")
			.contains("/restart <service> [reason]: Restarts a service");
	}

	@Component
	static class Agent {

		// tag::default[]
		@PacerelleHandler
		String echo(AgentMessage message) {
			return "Received: " + message.text();
		}
		// end::default[]

		// tag::command[]
		@PacerelleHandler(value = "/restart", description = "Restarts a service")
		String restart(@Argument String service, @Argument Optional<String> reason) {
			return "Restarting " + service + reason.map((text) -> ": " + text).orElse("");
		}
		// end::command[]

		// tag::validation[]
		@PacerelleHandler(command = "/scale")
		String scale(@Argument @Min(1) @Max(10) int replicas) {
			return "Scaling to " + replicas;
		}
		// end::validation[]

		// tag::text[]
		@PacerelleHandler(text = "move {service} to {region}")
		String move(@Argument String service, @Argument String region) {
			return "Moving " + service + " to " + region;
		}
		// end::text[]

		// tag::kind[]
		@PacerelleHandler(kind = MessageKind.ATTACHMENT)
		String files(List<AgentAttachment> files) {
			return files.size() + " file(s)";
		}
		// end::kind[]

		// tag::conversation[]
		@PacerelleHandler("/status")
		String status() {
			return "All is well";
		}

		@PacerelleHandler(command = "/status", conversation = ConversationType.GROUP)
		String statusInGroup() {
			return "Ask me in private";
		}
		// end::conversation[]

		// tag::widget[]
		@PacerelleHandler(command = "/deploy")
		Widget<Boolean> deploy(@Argument String version) {
			return Confirm.of("Deploy " + version + "?")
				.id(WidgetId.expand("confirm-deploy:{version}", version))
				.danger()
				.labels("Deploy", "Cancel");
		}

		@PacerelleHandler(widget = "confirm-deploy:{version}")
		Flux<Progress> deployed(boolean yes, @Argument String version) {
			return yes
					? Flux.just(10, 100)
						.map((value) -> Progress.of("Deploying " + version, value, 100).id("deployment"))
					: Flux.empty();
		}

		@PacerelleHandler(widget = "confirm-deploy:{version}", cancelled = true)
		String notDeployed(@Argument String version) {
			return version + " was not deployed";
		}
		// end::widget[]

		// tag::data[]
		record Rollback(String service, String from, String to) {
		}

		@PacerelleHandler(text = "roll {service} back from {from} to {to}")
		Widget<Boolean> rollBack(@Argument String service, @Argument String from, @Argument String to) {
			return Confirm.of("Roll " + service + " back?")
				.id("confirm-rollback")
				.data(new Rollback(service, from, to));
		}

		@PacerelleHandler(widget = "confirm-rollback")
		String rolledBack(boolean yes, @WidgetData Rollback rollback) {
			return yes ? rollback.service() + " is at " + rollback.to() : "It stays at " + rollback.from();
		}
		// end::data[]

		// tag::answers[]
		@PacerelleHandler(widget = "choose-format")
		String format(Format format) {
			return format + " it is";
		}

		@PacerelleHandler(widget = "choose-region")
		String region(Optional<String> region) {
			return region.map((name) -> "In " + name).orElse("Anywhere");
		}

		@PacerelleHandler(kind = MessageKind.ANSWER)
		String anyAnswer(WidgetResponse response) {
			return response.cancelled() ? "Cancelled: " + response.ref() : response.ref() + ": " + response.value();
		}
		// end::answers[]

		// tag::form[]
		record Release(@NotBlank String version, @Min(1) @Max(5) int priority, boolean announce) {
		}

		@PacerelleHandler(command = "/release")
		Question<Release> release(Questions questions) {
			return questions.form("New release", Release.class).with((form) -> form.id("release-form"));
		}

		@PacerelleHandler(widget = "release-form")
		String released(Release release) {
			return "Releasing " + release.version();
		}
		// end::form[]

		// tag::choice[]
		enum Format {

			PDF, DOCX

		}

		@PacerelleHandler(command = "/format")
		Question<Format> askFormat(Questions questions) {
			return questions.choice("Which format?", Format.class).with((choice) -> choice.id("choose-format"));
		}
		// end::choice[]

		// tag::results[]
		@PacerelleHandler(command = "/logs")
		List<Object> logs() {
			Resource log = new ByteArrayResource("started".getBytes()) {

				@Override
				public String getFilename() {
					return "agent.log";
				}

			};
			return List.of("Here is the log:", log);
		}

		@PacerelleHandler(command = "/count")
		Flux<Reply> count() {
			return Flux.range(1, 3).map(String::valueOf).map(Reply::new).delayElements(Duration.ofMillis(1));
		}
		// end::results[]

		// tag::stream[]
		@PacerelleHandler(command = "/story")
		Flux<String> story() {
			return Flux.just("Once ", "upon ", "a ", "time").delayElements(Duration.ofMillis(1));
		}
		// end::stream[]

		// tag::help[]
		@PacerelleHandler(command = "/help", description = "Lists the commands")
		Stream<String> help(HandlerCatalog handlers) {
			return handlers.commands().stream().map((command) -> command.usage() + ": " + command.description());
		}
		// end::help[]

		@PacerelleHandler(command = "/disk")
		void disk() {
			throw new UncheckedIOException(new IOException());
		}

		@PacerelleHandler(command = "/oops")
		Mono<String> oops() {
			return Mono.error(new IllegalStateException());
		}

		// tag::resolved[]
		@PacerelleHandler(command = "/account")
		String account(Account account) {
			return "Account of " + account.owner();
		}
		// end::resolved[]

		@PacerelleHandler(command = "/report")
		Report report() {
			return new Report("Quarterly", 42);
		}

		@PacerelleHandler(command = "/audit")
		String audit() {
			return new AuditLog().entry("audit");
		}

	}

	// tag::errors[]
	@Component
	static class Errors {

		@PacerelleExceptionHandler
		String diskIsFull(UncheckedIOException failure) {
			return "The disk is full";
		}

		@PacerelleExceptionHandler
		String invalid(InvalidAnswerException failure) {
			return "Please check: " + String.join(", ", failure.messages());
		}

		@PacerelleExceptionHandler(IllegalStateException.class)
		Mono<Reply> wrongState(AgentMessage message, Conversation conversation) {
			return Mono.just(new Reply("Something went wrong (" + message.id() + ")"));
		}

	}
	// end::errors[]

	@Component
	static class LastErrors {

		// tag::last[]
		@PacerelleExceptionHandler(afterLastAttempt = true)
		String givenUp(RemoteException failure, AgentMessage message) {
			return "The build server is away. Ask for " + message.id() + " tomorrow";
		}
		// end::last[]

	}

	record Account(String owner) {
	}

	// tag::resolver[]
	@Component
	static class AccountResolver implements HandlerArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			return parameter.getNestedParameterType() == Account.class;
		}

		@Override
		public Account resolve(MethodParameter parameter, HandlerInvocation invocation) {
			return new Account(invocation.message().from());
		}

	}
	// end::resolver[]

	record Report(String title, int sum) {
	}

	// tag::converter[]
	@Component
	static class ReportConverter implements HandlerResultConverter {

		@Override
		public boolean supports(ResolvableType type) {
			return type.toClass() == Report.class;
		}

		@Override
		public Publisher<? extends Content> convert(Object result, HandlerInvocation invocation) {
			Report report = (Report) result;
			return Mono.just(new Reply(report.title() + ": " + report.sum()));
		}

	}
	// end::converter[]

	// tag::below[]
	static class AuditLog {

		String entry(String action) {
			return HandlerInvocation.current()
				.map((invocation) -> invocation.message().from() + " did " + action)
				.orElse("The application did " + action);
		}

	}
	// end::below[]

}
