package com.pacerelle.client.message;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The examples of {@code docs/widgets.md}.
 */
class WidgetGuideTests {

	@Test
	void eachKindHasAType() {
		// tag::kinds[]
		Confirm delete = Confirm.of("confirm-delete-cache", "Delete the cache?")
			.body("It is rebuilt at the next start.")
			.danger()
			.labels("Delete", "Keep");
		Choice format = Choice.of("choose-export-format", "Which format?")
			.option("pdf", "PDF")
			.option("md", "Markdown");
		Choices checks = Choices.of("choose-checks", "Which checks?").option("lint", "Lint").option("test", "Tests");
		Permission read = Permission.of("allow-folder-read", "Read the folder?")
			.scopes(PermissionScope.ONCE, PermissionScope.SESSION);
		Form release = Form.of("release-form", "Release")
			.field(FormField.text("version", "Version").required())
			.field(FormField.number("priority", "Priority").min(1).max(5))
			.submitLabel("Release");
		DateTime<LocalDate> review = DateTime.date("schedule-review", "When?").min(LocalDate.of(2026, 5, 23));
		FilePicker brief = FilePicker.of("upload-brief", "The brief").accept(".pdf", "image/*").multiple().maxFiles(5);
		// end::kinds[]
		assertThat(List.of(delete, format, checks, read, release, review, brief)).extracting(Widget::kind)
			.containsExactly("confirm", "choice", "choice", "permission", "form", "datetime", "file-picker");
	}

	@Test
	void whatContradictsItselfIsRefused() {
		// tag::validation[]
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Confirm.of("confirm-delete-cache", "Delete the cache?").labels("", "Keep"))
			.withMessage("'labels.yes' must not be blank");
		// end::validation[]
	}

	@Test
	void progressIsUpdated() {
		// tag::update[]
		Progress building = Progress.of("build-progress", "Building", 10, 100).cancellable();
		WidgetUpdate testing = building.updateTo(building.value(75).body("Running tests"));
		// end::update[]
		assertThat(testing.ref()).isEqualTo("build-progress");
		assertThat(testing.isEmpty()).isFalse();
	}

	@Test
	void otherKindsAndFieldsPassThrough() {
		// tag::other[]
		CustomWidget rating = CustomWidget.of("rate-answer", "rating", Map.of("title", "How was it?", "stars", 5));
		Confirm styled = Confirm.of("Publish?").with("icon", "rocket").expiresAt(Instant.parse("2026-12-31T12:00:00Z"));
		// end::other[]
		assertThat(rating.spec()).containsEntry("stars", 5);
		assertThat(styled.spec()).containsEntry("icon", "rocket");
	}

	@Test
	void groupVotes() {
		// tag::vote[]
		Choice lunch = Choice.of("vote-lunch", "Lunch?")
			.option("soup", "Soup")
			.option("salad", "Salad")
			.responseMode(ResponseMode.COLLECTIVE);
		// end::vote[]
		assertThat(lunch.responseMode()).isEqualTo(ResponseMode.COLLECTIVE);
	}

}
