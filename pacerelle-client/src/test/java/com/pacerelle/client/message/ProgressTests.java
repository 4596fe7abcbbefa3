package com.pacerelle.client.message;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ProgressTests {

	private final Progress progress = Progress.of("Build", 10, 100).id("build-progress");

	@Test
	void hasTheFieldsThatWereSet() {
		assertThat(this.progress.spec()).isEqualTo(Map.of("title", "Build", "value", 10, "max", 100));
		assertThat(this.progress.cancellable().value(12.5).spec())
			.isEqualTo(Map.of("title", "Build", "value", 12.5, "max", 100, "cancellable", true));
	}

	@Test
	void refusesAValueOutOfRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.progress.value(101))
			.withMessage("'value' must not be greater than 'max': 101 of 100");
		assertThatIllegalArgumentException().isThrownBy(() -> this.progress.value(-1))
			.withMessage("'value' must not be negative: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> this.progress.value(Double.POSITIVE_INFINITY))
			.withMessage("'value' must be a finite number of the Java platform");
	}

	@Test
	void isLedToTheNextByWhatDiffers() {
		Instant noon = Instant.parse("2026-05-23T12:00:00Z");
		WidgetUpdate update = this.progress
			.updateTo(Progress.of("Build", 75, 100).body("Running tests").expiresAt(noon));
		assertThat(update.ref()).isEqualTo("build-progress");
		assertThat(update.patch()).isEqualTo(
				Map.of("spec", Map.of("value", 75, "body", "Running tests"), "expires_at", "2026-05-23T12:00:00Z"));
	}

	@Test
	void isLedNowhereWhenNothingDiffers() {
		Progress complete = this.progress.body("Body").cancellable();
		assertThat(complete.updateTo(complete.id("other")).isEmpty()).isTrue();
	}

	@Test
	void losesItsBody() {
		assertThat(this.progress.body("Compiling").updateTo(this.progress.value(20)).patch())
			.isEqualTo(Map.of("spec", Map.of("value", 20, "body", "")));
	}

	@Test
	void isLedNowhereWithoutId() {
		assertThatIllegalStateException().isThrownBy(() -> Progress.of("Build", 1, 2).updateTo(this.progress))
			.withMessageStartingWith("'id' must not be null");
	}

	@Test
	void isCancelledByTheFlagOrTheValueOfAnAnswer() {
		assertThat(this.progress.isCancelledBy(response("build-progress", null, true))).isTrue();
		assertThat(this.progress.isCancelledBy(response("build-progress", Map.of("cancelled", true), false))).isTrue();
		assertThat(this.progress.isCancelledBy(response("build-progress", Map.of("cancelled", false), false)))
			.isFalse();
		assertThat(this.progress.isCancelledBy(response("build-progress", true, false))).isFalse();
		assertThat(this.progress.isCancelledBy(response("other", null, true))).isFalse();
	}

	@Test
	void hasNoAnswer() {
		assertThatExceptionOfType(InvalidAnswerException.class)
			.isThrownBy(() -> this.progress.read(Answers.of(Map.of("cancelled", true))));
	}

	private static WidgetResponse response(String ref, Object value, boolean cancelled) {
		return new WidgetResponse("answer-1", ref, value, cancelled);
	}

}
