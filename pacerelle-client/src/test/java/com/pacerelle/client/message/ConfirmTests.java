package com.pacerelle.client.message;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConfirmTests {

	private final Confirm confirm = Confirm.of("Delete the cache?").id("confirm-delete-cache");

	@Test
	void hasTheFieldsThatWereSet() {
		assertThat(this.confirm.spec()).isEqualTo(Map.of("title", "Delete the cache?"));
		assertThat(this.confirm.body("It is rebuilt.").danger().labels("Delete", "Keep").spec())
			.isEqualTo(Map.of("title", "Delete the cache?", "body", "It is rebuilt.", "danger", true, "labels",
					Map.of("yes", "Delete", "no", "Keep")));
		assertThat(this.confirm.danger(false).spec()).containsEntry("danger", false);
		assertThat(this.confirm.responseMode(ResponseMode.COLLECTIVE).responseMode())
			.isEqualTo(ResponseMode.COLLECTIVE);
	}

	@Test
	void refusesBlankLabels() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.confirm.labels("", "Keep"))
			.withMessage("'labels.yes' must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> this.confirm.labels("Delete", " "))
			.withMessage("'labels.no' must not be blank");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void isAnsweredWithYesOrNo(boolean yes) {
		assertThat(this.confirm.read(Answers.of(yes))).isEqualTo(yes);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "true", "yes", "" })
	void isNotAnsweredWithAnythingElse(String value) {
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> this.confirm.read(Answers.of(value)))
			.withMessage("The answer to widget 'widget-1' is not valid")
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly("Answer yes or no"));
	}

}
