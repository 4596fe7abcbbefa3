package com.pacerelle.spring.handler;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.Question;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.io.Resource;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.attachment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Questions}.
 */
class QuestionsTests {

	private final Validator validator = Validation.buildDefaultValidatorFactory().getValidator();

	private final Questions questions = new Questions(
			new StaticListableBeanFactory(Map.of("validator", this.validator)));

	private final Questions withoutValidator = new Questions(new StaticListableBeanFactory());

	@Test
	void aRecordIsAFormWithAFieldForEachComponent() {
		Form form = this.questions.form("New release", Release.class).widget();
		assertThat(form.title()).isEqualTo("New release");
		assertThat(form.id()).isNull();
		assertThat(form.fields()).containsExactly(FormField.text("version", "Version").required(),
				FormField.number("priority", "Priority").required().min(1L).max(5L),
				FormField.textarea("releaseNotes", "Release notes"), FormField.email("contact", "Who is asked"),
				FormField.checkbox("announce", "Announce"), FormField.checkbox("agreed", "Agreed").required(),
				FormField.text("format", "Format (pdf, plain_text)"));
	}

	@ParameterizedTest
	@CsvSource({ "positive, 1,", "positiveDecimal, 0,", "positiveOrZero, 0,", "range, 2, 7", "decimal, , 2.5",
			"nothing, ," })
	void constraintsOfNumbersAreLimits(String component, @Nullable BigDecimal min, @Nullable BigDecimal max) {
		FormField field = this.questions.form("Numbers", Numbers.class)
			.widget()
			.fields()
			.stream()
			.filter((candidate) -> candidate.name().equals(component))
			.findFirst()
			.orElseThrow();
		assertThat(field.type()).isEqualTo(FormField.Type.NUMBER);
		assertThat((field.min() != null) ? new BigDecimal(field.min().toString()) : null).isEqualTo(min);
		assertThat((field.max() != null) ? new BigDecimal(field.max().toString()) : null).isEqualTo(max);
	}

	@Test
	void theAnswerIsTheRecord() {
		Release release = this.questions.form("New release", Release.class)
			.read(answer("release", Map.of("version", "1.2", "priority", 3, "contact", "ada@example.com", "announce",
					false, "agreed", true, "format", "plain_text")));
		assertThat(release).isEqualTo(new Release("1.2", 3, null, "ada@example.com", false, true, Format.PLAIN_TEXT));
	}

	@Test
	void whatIsWrongIsToldWithTheLabelsAllAtOnce() {
		Question<Release> question = this.questions.form("New release", Release.class);
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> question.read(answer("release", Map.of("priority", 9, "agreed", true))))
			.satisfies((failure) -> assertThat(failure.messages()).containsExactly("'Version' must be filled in",
					"'Priority' must be at most 5"));
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> question
				.read(answer("release", Map.of("version", "new", "priority", 3, "contact", "a@b@c", "agreed", true))))
			.satisfies((failure) -> assertThat(failure.messages()).containsExactly("Version must be like 1.2",
					"'Who is asked' must be an e-mail address"));
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> question.read(answer("release", Map.of("version", "new", "priority", 3, "agreed", true))))
			.satisfies((failure) -> assertThat(failure.messages()).containsExactly("Version must be like 1.2"));
	}

	@Test
	void aValueThatIsNoConstantIsRefusedWithoutQuotingIt() {
		Question<Release> question = this.questions.form("New release", Release.class);
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> question
				.read(answer("release", Map.of("version", "1.2", "priority", 3, "agreed", true, "format", "s3cr3t"))))
			.withNoCause()
			.satisfies((failure) -> assertThat(failure.messages())
				.containsExactly("Format must be one of pdf, plain_text"));
	}

	@Test
	void datesAndListsAreLinesOfText() {
		Question<Trip> question = this.questions.form("Trip", Trip.class);
		assertThat(((Form) question.widget()).fields()).extracting(FormField::label)
			.containsExactly("Day (YYYY-MM-DD)", "Time (HH:MM)", "Formats (pdf, plain_text; separated by commas)",
					"Tags (separated by commas)", "Count");
		assertThat(question.read(answer("w",
				Map.of("day", "2026-11-21", "time", "08:30", "formats", "PDF, plain_text", "tags", " a,b ,", "count",
						2))))
			.isEqualTo(new Trip(LocalDate.of(2026, 11, 21), LocalTime.of(8, 30), List.of(Format.PDF, Format.PLAIN_TEXT),
					Set.of("a", "b"), 2));
	}

	@Test
	void whatCannotBeReadIsToldAllAtOnceWithWhatWouldBeRight() {
		Question<Trip> question = this.questions.form("Trip", Trip.class);
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> question
				.read(answer("w", Map.of("day", "tomorrow", "formats", "pdf, exe", "tags", "", "count", "many"))))
			.satisfies((failure) -> assertThat(failure.messages()).containsExactly("Day must look like YYYY-MM-DD",
					"Formats must be one of pdf, plain_text", "'Tags (separated by commas)' must be filled in",
					"'Count' must be a number"));
	}

	@Test
	void onlyWhatWasWrongIsAskedAgainAndTheRestIsKept() {
		TypedQuestion<Form, Trip> question = this.questions.form("Trip", Trip.class)
			.with((form) -> form.id("trip").submitLabel("Go"));
		AgentMessage first = answer("trip", Map.of("day", "tomorrow", "time", "08:30", "tags", "a", "count", "many"));
		Question<Trip> second = askAgain(question, first);
		assertThat(((Form) second.widget()).fields()).extracting(FormField::name).containsExactly("day", "count");
		assertThat(((Form) second.widget()).submitLabel()).isEqualTo("Go");
		Question<Trip> third = askAgain(second, answer("trip-2", Map.of("day", "2026-11-21", "count", "some")));
		assertThat(((Form) third.widget()).fields()).extracting(FormField::name).containsExactly("count");
		assertThat(third.read(answer("trip-3", Map.of("count", 2))))
			.isEqualTo(new Trip(LocalDate.of(2026, 11, 21), LocalTime.of(8, 30), null, Set.of("a"), 2));
	}

	@Test
	void everythingIsAskedAgainWhenTheRecordRefusesTheWhole() {
		Question<Span> question = this.questions.form("Range", Span.class);
		Question<Span> second = askAgain(question, answer("w", Map.of("from", 3, "to", 2)));
		assertThat(((Form) second.widget()).fields()).hasSize(2);
		assertThat(second.read(answer("w", Map.of("from", 2, "to", 3)))).isEqualTo(new Span(2, 3));
		assertThat(askAgain(question, answer("w", "nothing")).widget()).isEqualTo(question.widget());
	}

	private static <T> Question<T> askAgain(Question<T> question, AgentMessage answer) {
		List<InvalidAnswerException> failures = new ArrayList<>();
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> question.read(answer))
			.satisfies(failures::add);
		return question.askAgain(answer, failures.get(0));
	}

	@Test
	void withoutAValidatorTheTypesAreAllThatIsKnown() {
		assertThat(this.withoutValidator.form("Span", Span.class).widget().fields())
			.containsExactly(FormField.number("from", "From").required(), FormField.number("to", "To").required());
	}

	@Test
	void constraintsThatNoValidatorChecksAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.withoutValidator.form("Numbers", Numbers.class))
			.withMessageStartingWith(Numbers.class.getName() + " has constraints, but no Validator checks them.");
		assertThatIllegalArgumentException().isThrownBy(() -> this.withoutValidator.form("Period", Period.class))
			.withMessageStartingWith(Period.class.getName() + " has constraints");
	}

	@Test
	void fieldsAreNamedAsTheApplicationNamesThemInJson() {
		JsonMapper json = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		Questions questions = new Questions(new StaticListableBeanFactory(Map.of("json", json)));
		Question<Renamed> question = questions.form("Renamed", Renamed.class);
		assertThat(((Form) question.widget()).fields())
			.containsExactly(FormField.text("release_notes", "Release notes"), FormField.text("other", "Named"));
		assertThat(question.read(answer("w", Map.of("release_notes", "none", "other", "value"))))
			.isEqualTo(new Renamed("none", "value"));
	}

	@Test
	void aRecordWithAComponentThatNoFieldIsForIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.questions.form("Nested", Nested.class))
			.withMessage("A form has no field for component 'release' of " + Nested.class.getName()
					+ ", but for String, numbers, boolean, enums, LocalDate, LocalTime, LocalDateTime, and a "
					+ "List or Set of String or enums");
	}

	@Test
	void anEnumIsAChoice() {
		TypedQuestion<Choice, Format> question = this.questions.choice("Which format?", Format.class);
		assertThat(question.widget().options()).containsExactly(new Option("pdf", "Portable document"),
				new Option("PLAIN_TEXT", "Plain text"));
		assertThat(question.read(answer("w", "pdf"))).isEqualTo(Format.PDF);
		assertThat(question.read(answer("w", "PLAIN_TEXT"))).isEqualTo(Format.PLAIN_TEXT);
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> question.read(answer("w", "exe")));
	}

	@Test
	void anEnumIsAChoiceOfSeveral() {
		TypedQuestion<Choices, List<Format>> question = this.questions.choices("Which formats?", Format.class);
		assertThat(question.read(answer("w", List.of("PLAIN_TEXT", "pdf")))).containsExactly(Format.PLAIN_TEXT,
				Format.PDF);
		assertThat(question.read(answer("w", List.of()))).isEmpty();
	}

	@Test
	void theWidgetCanBeChanged() {
		TypedQuestion<Form, Release> question = this.questions.form("New release", Release.class)
			.with((form) -> form.id("release-form").submitLabel("Release"));
		assertThat(question.widget().id()).isEqualTo("release-form");
		assertThat(question.widget().submitLabel()).isEqualTo("Release");
		assertThat(question.widget().fields()).hasSize(7);
		assertThat(question).hasToString("TypedQuestion[id=release-form]");
	}

	@Test
	void theTypeDecidesAboutTheKind() {
		assertThat(this.questions.of("Form", Release.class).widget().kind()).isEqualTo("form");
		assertThat(this.questions.of("Choice", Format.class).widget().kind()).isEqualTo("choice");
		assertThat(this.questions.of("Confirm", Boolean.class).widget().kind()).isEqualTo("confirm");
		assertThat(this.questions.of("Confirm", boolean.class).widget().kind()).isEqualTo("confirm");
		assertThat(this.questions.of("Date", LocalDate.class).widget().spec()).containsEntry("mode", "date");
		assertThat(this.questions.of("Time", LocalTime.class).widget().spec()).containsEntry("mode", "time");
		assertThat(this.questions.of("Both", LocalDateTime.class).widget().spec()).containsEntry("mode", "datetime");
		assertThat(this.questions.of("May I?", PermissionDecision.class).widget().kind()).isEqualTo("permission");
		Question<AgentAttachment> file = this.questions.of("File", AgentAttachment.class);
		assertThat(file.widget().kind()).isEqualTo("file-picker");
		assertThat(file.read(answer("w", Map.of("files", List.of(Map.of("id", "f1"))), attachment("f1", "brief.pdf")))
			.name()).isEqualTo("brief.pdf");
		assertThat(this.questions.of("File", Resource.class)
			.read(answer("w", Map.of("files", List.of(Map.of("id", "f1"))), attachment("f1", "brief.pdf")))
			.getFilename()).isEqualTo("brief.pdf");
		assertThat(this.questions.of("File", Path.class).widget().kind()).isEqualTo("file-picker");
		assertThatIllegalArgumentException().isThrownBy(() -> this.questions.of("What?", Thread.class))
			.withMessageContaining("java.lang.Thread");
	}

	enum Format {

		@JsonProperty("pdf")
		@JsonPropertyDescription("Portable document")
		PDF,

		PLAIN_TEXT

	}

	record Release(@NotBlank @Pattern(regexp = "[0-9.]+", message = "must be like 1.2") String version,
			@Min(1) @Max(5) int priority, @Size(max = 2000) @Nullable String releaseNotes,
			@Email @JsonPropertyDescription("Who is asked") @Nullable String contact, boolean announce,
			@AssertTrue boolean agreed, @Nullable Format format) {
	}

	record Numbers(@Positive int positive, @Positive @Nullable BigDecimal positiveDecimal,
			@PositiveOrZero long positiveOrZero, @Range(min = 2, max = 7) @Nullable Integer range,
			@DecimalMax("2.5") @NotNull BigDecimal decimal, @Nullable Double nothing) {
	}

	record Trip(LocalDate day, @Nullable LocalTime time, @Nullable List<Format> formats, @NotEmpty Set<String> tags,
			int count) {
	}

	record Span(int from, int to) {

		Span {
			if (from > to) {
				throw new IllegalArgumentException();
			}
		}

	}

	record Period(int from, int to) {

		@AssertTrue
		boolean isOrdered() {
			return this.from <= this.to;
		}

	}

	record Renamed(String releaseNotes, @JsonProperty("other") String named) {
	}

	record Nested(Release release) {
	}

}
