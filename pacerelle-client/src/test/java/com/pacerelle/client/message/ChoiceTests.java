package com.pacerelle.client.message;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ChoiceTests {

	private final Choice choice = Choice.of("Export format")
		.id("choose-export-format")
		.option("pdf", "PDF")
		.option("docx", "Word")
		.option("md", "Markdown");

	private final Choices choices = Choices.of("Checks")
		.id("choose-checks")
		.options(List.of(new Option("lint", "Lint"), new Option("test", "Test"), new Option("build", "Build")));

	@Test
	void hasItsOptionsInTheirOrder() {
		assertThat(this.choice.kind()).isEqualTo("choice");
		assertThat(this.choice.spec())
			.isEqualTo(Map.of("title", "Export format", "options", List.of(Map.of("id", "pdf", "label", "PDF"),
					Map.of("id", "docx", "label", "Word"), Map.of("id", "md", "label", "Markdown"))));
	}

	@Test
	void saysWhenThereMayBeSeveralAnswers() {
		assertThat(this.choices.kind()).isEqualTo("choice");
		assertThat(this.choices.spec()).containsEntry("multi", true).containsKey("options");
	}

	@Test
	void saysWhoAnswers() {
		assertThat(this.choice.responseMode(ResponseMode.COLLECTIVE).responseMode()).isEqualTo(ResponseMode.COLLECTIVE);
		assertThat(this.choices.responseMode(ResponseMode.INDIVIDUAL).responseMode())
			.isEqualTo(ResponseMode.INDIVIDUAL);
	}

	@Test
	void refusesTheSameIdTwice() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.choice.option("pdf", "Portable"))
			.withMessage("'options' must not have the id 'pdf' twice");
		assertThatIllegalArgumentException().isThrownBy(() -> this.choices.option("lint", "Again"))
			.withMessage("'options' must not have the id 'lint' twice");
	}

	@Test
	void refusesOptionsWithoutIdOrLabel() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.choice.option("", "Nothing"))
			.withMessage("'options.id' must have 1 to 256 characters, not 0");
		assertThatIllegalArgumentException().isThrownBy(() -> this.choice.option("x", " "))
			.withMessage("'options.label' must not be blank");
	}

	@Test
	void isNotSentWithoutOptions() {
		assertThatIllegalArgumentException().isThrownBy(() -> Choice.of("Nothing").spec())
			.withMessage("'options' must have at least one option");
		assertThatIllegalArgumentException().isThrownBy(() -> Choices.of("Nothing").spec())
			.withMessage("'options' must have at least one option");
	}

	@Test
	void isAnsweredWithAnOption() {
		assertThat(this.choice.read(Answers.of("docx"))).isEqualTo("docx");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "exe", "PDF" })
	void isNotAnsweredWithAnythingElse(String value) {
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> this.choice.read(Answers.of(value)))
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly("Choose one of the options"));
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> this.choice.read(Answers.of(List.of("pdf"))));
	}

	@Test
	void severalAreAnsweredWithAnyNumberOfOptions() {
		assertThat(this.choices.read(Answers.of(List.of("build", "lint")))).containsExactly("build", "lint");
		assertThat(this.choices.read(Answers.of(List.of()))).isEmpty();
	}

	@Test
	void severalAreNotAnsweredWithAnythingElse() {
		for (Object value : Arrays.asList(null, "lint", List.of("lint", "lint"), List.of("deploy"), List.of(1),
				Arrays.asList("lint", null), Map.of("lint", true))) {
			assertThatExceptionOfType(InvalidAnswerException.class).as("%s", value)
				.isThrownBy(() -> this.choices.read(Answers.of(value)))
				.satisfies((ex) -> assertThat(ex.messages()).singleElement().asString().startsWith("Choose among"));
		}
	}

}
