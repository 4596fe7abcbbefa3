package com.pacerelle.spring.handler;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.WidgetResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.context.support.StaticMessageSource;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.attachment;
import static com.pacerelle.spring.handler.TestMessages.cancelled;
import static com.pacerelle.spring.handler.TestMessages.file;
import static com.pacerelle.spring.handler.TestMessages.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the parameters of handlers get. Each handler method replies with what it got; the
 * rows name the methods by their widgets.
 */
class HandlerArgumentTests {

	@AutoClose
	private static final HandlerContext validating = HandlerContext.started(Answers.class, Texts.class,
			LocalValidatorFactoryBean.class);

	private static final AgentAttachment FILE = attachment("f1", "report.pdf");

	static Stream<Arguments> answers() {
		return Stream.of(
				// confirm
				row("boolean", true, "true"), row("boolean", false, "false"), row("Boolean", true, "true"),
				row("boolean", "true", "Answer yes or no"), row("boolean", 1, "Answer yes or no"),
				row("boolean", null, "Answer yes or no"),
				// choice
				row("String", "pdf", "pdf"), row("String", true, "This answer is not valid"),
				row("String", List.of("pdf"), "This answer is not valid"), row("Format", "pdf", "PDF"),
				row("Format", "PDF", "PDF"), row("Format", "plain-text", "TEXT"),
				row("Format", "exe", "This answer is not valid"), row("Format", 0, "This answer is not valid"),
				// choice, multi
				row("List<String>", List.of("a", "b"), "[a, b]"), row("List<String>", List.of(), "[]"),
				row("List<String>", "a", "This answer is not valid"), row("List<Format>", List.of("pdf"), "[PDF]"),
				row("List<Format>", List.of("pdf", "exe"), "This answer is not valid"),
				row("Set<Format>", List.of("pdf", "pdf"), "[PDF]"),
				// form
				row("Release", Map.of("version", "1.2", "priority", 3, "announce", true),
						"Release[version=1.2, priority=3, announce=true]"),
				row("Release", Map.of("version", "1.2", "priority", "3"),
						"Release[version=1.2, priority=3, announce=false]"),
				row("Release", Map.of("version", "1.2", "priority", new BigDecimal("3")),
						"Release[version=1.2, priority=3, announce=false]"),
				row("Release", Map.of("version", "1.2", "priority", "high"), "priority is not valid"),
				row("Release", Map.of("version", " ", "priority", 9),
						"version must not be blank\npriority must be less than or equal to 5"),
				row("Release", "1.2", "This answer is not valid"), row("Map<String, Object>", Map.of("a", 1), "{a=1}"),
				// datetime
				row("LocalDate", time("date", "2026-05-23"), "2026-05-23"),
				row("LocalDate", time("date", "23.5.2026"), "Choose a date"),
				row("LocalTime", time("time", "12:30"), "12:30"),
				row("LocalDateTime", time("datetime", "2026-05-23T12:30"), "2026-05-23T12:30"),
				// permission
				row("PermissionDecision", Map.of("granted", true, "scope", "once"), "ONCE"),
				row("PermissionDecision", Map.of("granted", false), "denied"),
				// file-picker
				Arguments.of(answer("AgentAttachment", picked("f1"), FILE), "report.pdf"),
				Arguments.of(answer("List<AgentAttachment>", picked("f1"), FILE), "[report.pdf]"),
				Arguments.of(answer("AgentAttachment", picked("f2"), FILE), "A file did not arrive, send it again"),
				Arguments.of(answer("Resource", picked("f1"), FILE), "report.pdf: content"),
				Arguments.of(answer("Path", picked("f1"), FILE), "content"),
				Arguments.of(answer("List<Resource>", picked("f1"), FILE), "[report.pdf]"),
				Arguments.of(cancelled("Optional<Path>"), "Optional.empty"),
				// cancelled or not
				row("Optional<Boolean>", true, "Optional[true]"),
				Arguments.of(cancelled("Optional<Boolean>"), "Optional.empty"),
				Arguments.of(cancelled("Optional<Release>"), "Optional.empty"),
				Arguments.of(cancelled("@Nullable Format"), "null"),
				// the votes of a group, also when one is taken back
				row("Tally<Boolean>", true, "[true]"), row("Tally<String>", "pdf", "[pdf]"),
				row("Tally<Format>", "pdf", "[PDF]"), Arguments.of(cancelled("Tally<Format>"), "[PDF]"),
				row("Optional<Tally<Format>>", "pdf", "Optional.empty"),
				// as it came
				row("WidgetResponse", List.of(1), "[1]"));
	}

	private static Arguments row(String widget, @Nullable Object value, String reply) {
		return Arguments.of(answer(widget, value), reply);
	}

	private static Map<String, String> time(String mode, String value) {
		return Map.of("mode", mode, "value", value);
	}

	private static Map<String, Object> picked(String id) {
		return Map.of("files", List.of(Map.of("id", id)));
	}

	@ParameterizedTest
	@MethodSource("answers")
	void anAnswerIsOfTheTypeOfTheParameter(AgentMessage message, String reply) {
		assertThat(validating.reply(message)).isEqualTo(reply);
	}

	static Stream<Arguments> texts() {
		return Stream.of(Arguments.of("/words api prod", "api, prod"),
				Arguments.of("/words api  prod now", "api, prod now"), Arguments.of("/words api", "env is missing"),
				Arguments.of("/words", "service is missing\nenv is missing"), Arguments.of("/number 5", "5"),
				Arguments.of("/number five", "times is not valid"),
				Arguments.of("/number 5 or 6", "times is not valid"),
				Arguments.of("/number 100", "times must be less than or equal to 10"),
				Arguments.of("/optional", "Optional.empty, null"), Arguments.of("/optional 1", "Optional[1], null"),
				Arguments.of("/optional 1 b", "Optional[1], b"), Arguments.of("/optional b", "number is not valid"),
				Arguments.of("/named 2026-05-23", "2026-05-23"), Arguments.of("/converted PT5M json", "PT5M, JSON"),
				Arguments.of("move 3 to archive", "3 archive"),
				Arguments.of("move three to archive", "count is not valid"), Arguments.of("/whole text", "/whole text"),
				Arguments.of("/whole a text that is too long", "text size must be between 0 and 20"));
	}

	@ParameterizedTest
	@MethodSource("texts")
	void anArgumentIsAPartOfTheText(String text, String reply) {
		assertThat(validating.reply(text(text))).isEqualTo(reply);
	}

	@Test
	void whatIsInEveryMessageIsThere() {
		HandlerContext.with(Common.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(text("hello"))).isEqualTo("hello c1 the client m1 [] Optional.empty");
			assertThat(handlers.reply(file("look"))).isEqualTo("report.pdf content [report.pdf]");
		});
	}

	@Test
	void theApplicationsResolversComeFirstAndMayBlock() {
		HandlerContext.with(Customized.class)
			.withBean(GreetingResolver.class)
			.withBean(LateResolver.class)
			.run((context) -> assertThat(HandlerContext.of(context).reply(text("hello")))
				.isEqualTo("own hello, late m1, Optional.empty"));
	}

	@Test
	void anArgumentThatIsNotThereFailsTheCallUnlessTheParameterIsNullable() {
		HandlerContext.with(NeedsNumber.class)
			.withBean(LateResolver.class)
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> HandlerContext.of(context).handle(text("hello")))
				.withMessageContaining("parameter 0, of type java.lang.Long, which is not nullable"));
	}

	@Test
	void theApplicationChoosesTheWords() {
		StaticMessageSource messages = new StaticMessageSource();
		messages.addMessage("pacerelle.argument.missing", Locale.getDefault(), "Was fehlt: {0}");
		messages.addMessage("pacerelle.answer.invalid", Locale.getDefault(), "Das passt nicht");
		HandlerContext.with(Texts.class, Answers.class, LocalValidatorFactoryBean.class)
			.withBean("messageSource", StaticMessageSource.class, () -> messages)
			.run((context) -> {
				HandlerContext handlers = HandlerContext.of(context);
				assertThat(handlers.reply(text("/words"))).isEqualTo("Was fehlt: service\nWas fehlt: env");
				assertThat(handlers.reply(answer("Format", "exe"))).isEqualTo("Das passt nicht");
			});
	}

	@Test
	void constraintsThatNoValidatorChecksAreRefusedAtTheStart() {
		assertThat(HandlerContext.problem(Unchecked.class).lines()).hasSize(6)
			.allMatch((line) -> line.contains("but no Validator checks them. Add one")
					&& line.contains("'spring-boot-starter-validation'"))
			.anyMatch((line) -> line.contains(".argument(") && line.contains("on parameter 'times'"))
			.anyMatch((line) -> line.contains(".elements(") && line.contains("on parameter 'words'"))
			.anyMatch((line) -> line.contains(".cascaded(") && line.contains("on parameter 'release'"))
			.anyMatch((line) -> line.contains(".answer(") && line.contains(Release.class.getName() + " has"))
			.anyMatch((line) -> line.contains(".asked(") && line.contains(Release.class.getName() + " has"))
			.anyMatch((line) -> line.contains(".failure(") && line.contains("on parameter 'failure'"));
	}

	@Test
	void anInvalidAnswerIsNeitherQuotedNorAcceptedAsSomethingElse() {
		HandlerContext.with(Answers.class, Failing.class, LocalValidatorFactoryBean.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(answer("Format", "s3cr3t"))).doesNotContain("s3cr3t").contains("cause null");
			assertThat(handlers.reply(answer("Release", Map.of("priority", "s3cr3t")))).doesNotContain("s3cr3t")
				.contains("cause null");
		});
	}

	@Test
	void parametersWithoutAnArgumentAreRefused() {
		assertThat(HandlerContext.problem(Unsupported.class).lines()).hasSize(6)
			.anyMatch((line) -> line.contains(".answerInText(boolean)") && line.contains("needs 'widget'"))
			.anyMatch((line) -> line.contains(".fileThatMayLack(AgentAttachment)")
					&& line.contains("Optional or @Nullable"))
			.anyMatch((line) -> line.contains(".responseThatMayLack(WidgetResponse)"))
			.anyMatch(
					(line) -> line.contains(".noAnswer(Thread)") && line.contains("the typed answer: boolean, String"))
			.anyMatch((line) -> line.contains(".listOfAnything(List)")
					&& line.contains("java.util.List<java.lang.Thread>"))
			.anyMatch((line) -> line.contains(".noConversion(Runnable)")
					&& line.contains("a type that text converts to"));
	}

	enum Format {

		PDF,

		JSON,

		@JsonProperty("plain-text")
		TEXT

	}

	record Release(@NotBlank String version, @Max(5) int priority, boolean announce) {
	}

	static class Answers {

		@PacerelleHandler(widget = "boolean")
		String primitive(boolean value) {
			return String.valueOf(value);
		}

		@PacerelleHandler(widget = "Boolean")
		String wrapper(Boolean value) {
			return String.valueOf(value);
		}

		@PacerelleHandler(widget = "String")
		String option(String value) {
			return value;
		}

		@PacerelleHandler(widget = "Format")
		String constant(Format value) {
			return value.name();
		}

		@PacerelleHandler(widget = "List<String>")
		String options(List<String> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "List<Format>")
		String constants(List<Format> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "Set<Format>")
		String set(Set<Format> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "Release")
		String form(Release value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "Map<String, Object>")
		String map(Map<String, Object> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "LocalDate")
		String date(LocalDate value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "LocalTime")
		String time(LocalTime value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "LocalDateTime")
		String dateTime(LocalDateTime value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "PermissionDecision")
		String permission(PermissionDecision value) {
			PermissionScope scope = value.scope();
			return (value.granted() && scope != null) ? scope.name() : "denied";
		}

		@PacerelleHandler(widget = "AgentAttachment")
		String file(AgentAttachment value) {
			return value.name();
		}

		@PacerelleHandler(widget = "List<AgentAttachment>")
		String files(List<AgentAttachment> value) {
			return value.stream().map(AgentAttachment::name).toList().toString();
		}

		@PacerelleHandler(widget = "Resource")
		String resource(Resource value) throws IOException {
			return value.getFilename() + ": " + value.getContentAsString(StandardCharsets.UTF_8);
		}

		@PacerelleHandler(widget = "Path")
		String path(Path value) throws IOException {
			String content = Files.readString(value);
			Files.delete(value);
			assertThat(value.getFileName().toString()).doesNotContain("report");
			return content;
		}

		@PacerelleHandler(widget = "List<Resource>")
		String resources(List<Resource> value) {
			return value.stream().map(Resource::getFilename).toList().toString();
		}

		@PacerelleHandler(widget = "Optional<Path>")
		String optionalPath(Optional<Path> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "Optional<Boolean>")
		String optional(Optional<Boolean> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "Optional<Release>")
		String optionalForm(Optional<Release> value) {
			return value.toString();
		}

		@PacerelleHandler(widget = "@Nullable Format")
		String nullable(@Nullable Format value) {
			return String.valueOf(value);
		}

		@PacerelleHandler(widget = "Tally<Boolean>")
		String votesOfConfirm(Tally<Boolean> votes) {
			return votes.leading().toString();
		}

		@PacerelleHandler(widget = "Tally<String>")
		String votesOfOptions(Tally<String> votes, String vote) {
			return votes.leading().toString();
		}

		@PacerelleHandler(widget = "Tally<Format>")
		String votesOfConstants(Tally<Format> votes) {
			return votes.leading().toString();
		}

		@PacerelleHandler(widget = "Optional<Tally<Format>>")
		String votesThatMayLack(Optional<Tally<Format>> votes) {
			return votes.toString();
		}

		@PacerelleHandler(widget = "WidgetResponse")
		String response(WidgetResponse response) {
			return String.valueOf(response.value());
		}

	}

	static class Texts {

		@PacerelleHandler(command = "/words")
		String words(@Argument String service, @Argument String env) {
			return service + ", " + env;
		}

		@PacerelleHandler(command = "/number")
		String number(@Argument @Max(10) int times) {
			return String.valueOf(times);
		}

		@PacerelleHandler(command = "/optional")
		String optional(@Argument Optional<Integer> number, @Argument @Nullable String rest) {
			return number + ", " + rest;
		}

		@PacerelleHandler(command = "/named")
		String named(@Argument("the day") LocalDate date) {
			return date.toString();
		}

		@PacerelleHandler(command = "/converted")
		String converted(@Argument Duration duration, @Argument Format format) {
			return duration + ", " + format;
		}

		@PacerelleHandler(text = "move {count} to {folder}")
		String inAnyOrder(@Argument String folder, @Argument int count) {
			return count + " " + folder;
		}

		@PacerelleHandler(command = "/whole")
		String whole(@Size(max = 20) String text) {
			return text;
		}

	}

	static class Common {

		@PacerelleHandler
		String common(String text, Conversation conversation, AgentGatewayClient client, HandlerInvocation invocation,
				List<AgentAttachment> files, Optional<WidgetResponse> response, AgentMessage message,
				HandlerCatalog catalog, Questions questions) {
			assertThat(invocation.message()).isSameAs(message);
			assertThat(HandlerInvocation.current()).contains(invocation);
			assertThat(catalog.handlers()).hasSize(2);
			assertThat(questions).isNotNull();
			return text + " " + conversation.id() + " " + client + " " + message.id() + " " + files + " " + response;
		}

		@PacerelleHandler(kind = MessageKind.ATTACHMENT)
		String file(AgentAttachment file, Resource content, List<AgentAttachment> files) throws IOException {
			return file.name() + " " + content.getContentAsString(StandardCharsets.UTF_8) + " "
					+ files.stream().map(AgentAttachment::name).toList();
		}

	}

	static class Customized {

		@PacerelleHandler
		String greet(String text, StringBuilder late, Optional<Long> never) {
			return text + ", " + late + ", " + never;
		}

	}

	static class NeedsNumber {

		@PacerelleHandler
		void greet(Long never) {
		}

	}

	@Order(1)
	static class GreetingResolver implements HandlerArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			return parameter.getNestedParameterType() == String.class;
		}

		@Override
		public Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
			return "own " + invocation.message().text();
		}

	}

	@Order(2)
	static class LateResolver implements HandlerArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			return Set.of(StringBuilder.class, Long.class).contains(parameter.getNestedParameterType());
		}

		@Override
		public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
			if (parameter.getNestedParameterType() == Long.class) {
				return null;
			}
			HandlerInvocation current = HandlerInvocation.fromContext().delayElement(Duration.ofMillis(1)).block();
			return new StringBuilder("late " + current.message().id());
		}

	}

	static class Failing {

		@PacerelleExceptionHandler
		String invalid(InvalidAnswerException failure) {
			return failure + " " + failure.messages() + " cause " + failure.getCause();
		}

	}

	static class Unchecked {

		@PacerelleHandler(command = "/argument")
		void argument(@Argument @Max(10) int times, @Argument int free) {
		}

		@PacerelleHandler(widget = "elements")
		void elements(List<@NotBlank String> words) {
		}

		@PacerelleHandler(widget = "cascaded")
		void cascaded(@Valid Release release) {
		}

		@PacerelleHandler(widget = "answer")
		void answer(Optional<Release> release) {
		}

		@PacerelleHandler(command = "/asked")
		Mono<Question<Release>> asked() {
			return Mono.empty();
		}

		@PacerelleExceptionHandler
		String failure(@Valid IllegalStateException failure) {
			return "";
		}

	}

	static class Unsupported {

		@PacerelleHandler(command = "/a")
		void answerInText(boolean yes) {
		}

		@PacerelleHandler(command = "/b")
		void fileThatMayLack(AgentAttachment file) {
		}

		@PacerelleHandler(command = "/c")
		void responseThatMayLack(WidgetResponse response) {
		}

		@PacerelleHandler(widget = "d")
		void noAnswer(Thread thread) {
		}

		@PacerelleHandler(widget = "e")
		void listOfAnything(List<Thread> threads) {
		}

		@PacerelleHandler(command = "/f")
		void noConversion(@Argument Runnable runnable) {
		}

	}

}
