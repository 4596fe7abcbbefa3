package com.pacerelle.client.message;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FormTests {

	private final Form form = Form.of("Release")
		.id("release-form")
		.field(FormField.text("version", "Version").required())
		.field(FormField.number("priority", "Priority").min(1).max(5))
		.field(FormField.textarea("notes", "Notes"))
		.field(FormField.checkbox("announce", "Announce"))
		.field(FormField.email("contact", "Contact"))
		.submitLabel("Release");

	@Test
	void hasItsFieldsInTheirOrder() {
		assertThat(this.form.spec())
			.isEqualTo(
					Map.of("title", "Release", "submitLabel", "Release", "fields",
							List.of(Map.of("name", "version", "label", "Version", "type", "text", "required", true),
									Map.of("name", "priority", "label", "Priority", "type", "number", "min", 1, "max",
											5),
									Map.of("name", "notes", "label", "Notes", "type", "textarea"),
									Map.of("name", "announce", "label", "Announce", "type", "checkbox"),
									Map.of("name", "contact", "label", "Contact", "type", "email"))));
		assertThat(FormField.text("a", "A").required(false).spec()).containsEntry("required", false);
	}

	@Test
	void refusesWhatContradictsItself() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.form.field(FormField.text("notes", "More notes")))
			.withMessage("'fields' must not have the name 'notes' twice");
		assertThatIllegalArgumentException().isThrownBy(() -> FormField.number("n", "N").min(2).max(1.5))
			.withMessage("'fields.n.min' must not be greater than 'max'");
		assertThatIllegalArgumentException().isThrownBy(() -> FormField.text("t", "T").max(10))
			.withMessage("'fields.t.max' must only be set on a number field");
		assertThatIllegalArgumentException().isThrownBy(() -> FormField.number("n", "N").min(Double.NaN))
			.withMessage("'fields.n.min' must be a finite number of the Java platform");
		assertThatIllegalArgumentException().isThrownBy(() -> FormField.text("", "T"))
			.withMessage("'fields.name' must have 1 to 256 characters, not 0");
		assertThatIllegalArgumentException().isThrownBy(() -> FormField.text("t", " "))
			.withMessage("'fields.t.label' must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> this.form.submitLabel(" "))
			.withMessage("'submitLabel' must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> Form.of("Nothing").spec())
			.withMessage("'fields' must have at least one field");
	}

	@Test
	void isAnsweredWithTheValuesOfItsFields() {
		Map<String, Object> value = Map.of("version", "1.2", "priority", new BigDecimal("4.5"), "notes", "a\nb",
				"announce", true, "contact", "alice@example.org", "other", "is no field");
		assertThat(this.form.read(Answers.of(value)))
			.isEqualTo(Map.of("version", "1.2", "priority", new BigDecimal("4.5"), "notes", "a\nb", "announce", true,
					"contact", "alice@example.org"))
			.isUnmodifiable();
	}

	@Test
	void leavesOutWhatWasNotFilledInButATick() {
		Map<String, Object> value = new HashMap<>(Map.of("version", "1.2", "priority", "", "contact", " "));
		value.put("notes", null);
		assertThat(this.form.read(Answers.of(value))).isEqualTo(Map.of("version", "1.2", "announce", false));
	}

	@Test
	void takesANumberAsItWasTyped() {
		assertThat(this.form.read(Answers.of(Map.of("version", "1", "priority", "3")))).containsEntry("priority",
				new BigDecimal("3"));
	}

	@Test
	void reportsAllErrorsTogether() {
		assertInvalid(Map.of("priority", 6L, "announce", "yes", "contact", "nobody", "notes", 1L),
				"'Version' must be filled in", "'Priority' must be at most 5", "'Notes' must be a text",
				"'Announce' must be ticked or not", "'Contact' must be an e-mail address");
		assertInvalid(Map.of("version", " ", "priority", 0L), "'Version' must be filled in",
				"'Priority' must be at least 1");
		for (Object number : List.of("four", "1e3", "9".repeat(51), true, List.of(1))) {
			assertInvalid(Map.of("version", "1", "priority", number), "'Priority' must be a number");
		}
	}

	@Test
	void aTickThatIsRequiredMustBeThere() {
		Form terms = Form.of("Terms").field(FormField.checkbox("agree", "I agree").required());
		assertThat(terms.read(Answers.of(Map.of("agree", true)))).containsEntry("agree", true);
		for (Map<String, Object> value : List.<Map<String, Object>>of(Map.of(), Map.of("agree", false))) {
			assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> terms.read(Answers.of(value)))
				.satisfies((ex) -> assertThat(ex.messages()).containsExactly("'I agree' must be ticked"));
		}
	}

	@Test
	void isNotAnsweredWithAnythingElse() {
		for (Object value : Arrays.asList(null, "1.2", List.of("1.2"))) {
			assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> this.form.read(Answers.of(value)))
				.satisfies((ex) -> assertThat(ex.messages()).containsExactly("Fill in the form"));
		}
	}

	private void assertInvalid(Map<String, Object> value, String... messages) {
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> this.form.read(Answers.of(value)))
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly(messages));
	}

}
