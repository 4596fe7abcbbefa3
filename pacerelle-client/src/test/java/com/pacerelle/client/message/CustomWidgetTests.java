package com.pacerelle.client.message;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CustomWidgetTests {

	private final CustomWidget widget = CustomWidget.of("rating", Map.of("stars", 5)).id("rate");

	@Test
	void hasAnyKindAndSpec() {
		assertThat(this.widget.kind()).isEqualTo("rating");
		assertThat(this.widget.spec()).isEqualTo(Map.of("stars", 5));
		assertThat(this.widget.with("title", "Rate us").body("Please").spec())
			.isEqualTo(Map.of("stars", 5, "title", "Rate us", "body", "Please"));
		assertThat(this.widget.responseMode(ResponseMode.COLLECTIVE).responseMode()).isEqualTo(ResponseMode.COLLECTIVE);
	}

	@Test
	void refusesABlankKind() {
		assertThatIllegalArgumentException().isThrownBy(() -> CustomWidget.of(" ", Map.of()))
			.withMessage("'kind' must not be blank");
	}

	@Test
	void isAnsweredWithWhatCame() {
		assertThat(this.widget.read(Answers.of(List.of(4L)))).isEqualTo(List.of(4L));
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> this.widget.read(Answers.of(null)))
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly("An answer is missing"));
	}

}
