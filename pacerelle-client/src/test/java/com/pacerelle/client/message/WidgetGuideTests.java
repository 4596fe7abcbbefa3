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
		Confirm delete = Confirm.of("Delete the cache?")
			.id("confirm-delete-cache")
			.body("It is rebuilt at the next start.")
			.danger()
			.labels("Delete", "Keep");
		Choice format = Choice.of("Which format?")
			.id("choose-export-format")
			.option("pdf", "PDF")
			.option("md", "Markdown");
		Choices checks = Choices.of("Which checks?").id("choose-checks").option("lint", "Lint").option("test", "Tests");
		Permission read = Permission.of("Read the folder?")
			.id("allow-folder-read")
			.scopes(PermissionScope.ONCE, PermissionScope.SESSION);
		Form release = Form.of("Release")
			.id("release-form")
			.field(FormField.text("version", "Version").required())
			.field(FormField.number("priority", "Priority").min(1).max(5))
			.submitLabel("Release");
		DateTime<LocalDate> review = DateTime.date("When?").id("schedule-review").min(LocalDate.of(2026, 5, 23));
		FilePicker brief = FilePicker.of("The brief")
			.id("upload-brief")
			.accept(".pdf", "image/*")
			.multiple()
			.maxFiles(5);
		// end::kinds[]
		assertThat(List.of(delete, format, checks, read, release, review, brief)).extracting(Widget::kind)
			.containsExactly("confirm", "choice", "choice", "permission", "form", "datetime", "file-picker");
	}

	@Test
	void whatContradictsItselfIsRefused() {
		// tag::validation[]
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Confirm.of("Delete the cache?").id("confirm-delete-cache").labels("", "Keep"))
			.withMessage("'labels.yes' must not be blank");
		// end::validation[]
	}

	@Test
	void progressIsUpdated() {
		// tag::update[]
		Progress building = Progress.of("Building", 10, 100).id("build-progress").cancellable();
		WidgetUpdate testing = building.updateTo(building.value(75).body("Running tests"));
		// end::update[]
		assertThat(testing.ref()).isEqualTo("build-progress");
		assertThat(testing.isEmpty()).isFalse();
	}

	@Test
	void otherKindsAndFieldsPassThrough() {
		// tag::other[]
		CustomWidget rating = CustomWidget.of("rating", Map.of("title", "How was it?", "stars", 5)).id("rate-answer");
		Confirm styled = Confirm.of("Publish?").with("icon", "rocket").expiresAt(Instant.parse("2026-12-31T12:00:00Z"));
		// end::other[]
		assertThat(rating.spec()).containsEntry("stars", 5);
		assertThat(styled.spec()).containsEntry("icon", "rocket");
	}

	@Test
	void groupVotes() {
		// tag::vote[]
		Choice lunch = Choice.of("Lunch?")
			.id("vote-lunch")
			.option("soup", "Soup")
			.option("salad", "Salad")
			.responseMode(ResponseMode.COLLECTIVE);
		// end::vote[]
		assertThat(lunch.responseMode()).isEqualTo(ResponseMode.COLLECTIVE);
	}

}
