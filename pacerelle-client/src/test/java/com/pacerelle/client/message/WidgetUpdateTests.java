package com.pacerelle.client.message;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WidgetUpdateTests {

	@Test
	void changesWhatWasSet() {
		WidgetUpdate update = WidgetUpdate.of("build-progress")
			.value(65)
			.body("Almost done")
			.title("Build")
			.with("cancellable", false)
			.expiresAt(Instant.parse("2026-05-23T12:00:00.123456Z"))
			.id("update-1");
		assertThat(update.id()).isEqualTo("update-1");
		assertThat(update.ref()).isEqualTo("build-progress");
		assertThat(update.patch()).isEqualTo(
				Map.of("spec", Map.of("value", 65, "body", "Almost done", "title", "Build", "cancellable", false),
						"expires_at", "2026-05-23T12:00:00.123Z"));
		assertThat(update.patch()).isUnmodifiable();
		assertThat(update.isEmpty()).isFalse();
	}

	@Test
	void changesNothingAtFirst() {
		assertThat(WidgetUpdate.of("build-progress").isEmpty()).isTrue();
	}

	@Test
	void refusesIdsThatAreTooShort() {
		assertThatIllegalArgumentException().isThrownBy(() -> WidgetUpdate.of(""))
			.withMessage("'ref' must have 1 to 256 characters, not 0");
		assertThatIllegalArgumentException().isThrownBy(() -> WidgetUpdate.of("x").id(""))
			.withMessage("'id' must have 1 to 256 characters, not 0");
	}

}
