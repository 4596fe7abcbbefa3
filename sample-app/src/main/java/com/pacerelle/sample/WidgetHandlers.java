package com.pacerelle.sample;

import java.time.Duration;
import java.time.LocalDate;

import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.spring.handler.MessageKind;
import com.pacerelle.spring.handler.PacerelleHandler;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * The widgets of the documentation, and what comes back.
 */
@Component
class WidgetHandlers {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@PacerelleHandler(command = "/confirm", description = "asks for yes or no")
	Confirm confirm() {
		return Confirm.of("Delete local cache?")
			.id("confirm-delete-cache")
			.body("The agent will remove generated cache files from this machine.")
			.danger()
			.labels("Delete", "Keep files");
	}

	@PacerelleHandler(command = "/choice", description = "asks for one of several options")
	Choice choice() {
		return Choice.of("Choose an export format")
			.id("choose-export-format")
			.option("pdf", "PDF")
			.option("docx", "Word document")
			.option("md", "Markdown");
	}

	@PacerelleHandler(command = "/choices", description = "asks for any of several options")
	Choices choices() {
		return Choices.of("Which checks should run?")
			.id("choose-checks")
			.option("lint", "Lint")
			.option("test", "Tests")
			.option("build", "Build");
	}

	@PacerelleHandler(command = "/permission", description = "asks for a permission")
	Permission permission() {
		return Permission.of("Allow the agent to read a folder?")
			.id("allow-folder-read")
			.body("The agent will read the files in the selected folder.")
			.scopes(PermissionScope.ONCE, PermissionScope.SESSION);
	}

	@PacerelleHandler(command = "/form", description = "asks for several values")
	Form form() {
		return Form.of("Prepare a release")
			.id("release-form")
			.field(FormField.text("version", "Version").required())
			.field(FormField.number("priority", "Priority").min(1).max(5))
			.field(FormField.textarea("notes", "Release notes"))
			.field(FormField.checkbox("announce", "Announce it"))
			.submitLabel("Prepare");
	}

	@PacerelleHandler(command = "/datetime", description = "asks for a date")
	DateTime<LocalDate> date() {
		return DateTime.date("When should the review be?").id("schedule-review").min(LocalDate.of(2026, 5, 23));
	}

	@PacerelleHandler(command = "/upload", description = "asks for files")
	FilePicker upload() {
		return FilePicker.of("Upload the brief").id("upload-brief").multiple().accept(".pdf", "image/*").maxFiles(3);
	}

	@PacerelleHandler(command = "/progress", description = "shows how far a work is, until it is cancelled")
	Flux<Progress> progress() {
		Progress begun = Progress.of("Building the project", 10, 100).id("build-progress").cancellable();
		return Flux.just(begun, begun.value(75).body("Running tests"), begun.value(100).body("Done"))
			.delayElements(Duration.ofSeconds(1));
	}

	@PacerelleHandler(kind = MessageKind.ANSWER)
	String answer(WidgetResponse response) {
		return response.cancelled() ? "Cancelled: " + response.ref()
				: response.ref() + ": " + MAPPER.writeValueAsString(response.value());
	}

}
