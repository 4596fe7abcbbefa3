package com.pacerelle.sample;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.dev.PersonFile;
import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.choice;
import static com.pacerelle.test.PacerelleConditions.confirm;
import static com.pacerelle.test.PacerelleConditions.dateTime;
import static com.pacerelle.test.PacerelleConditions.file;
import static com.pacerelle.test.PacerelleConditions.filePicker;
import static com.pacerelle.test.PacerelleConditions.form;
import static com.pacerelle.test.PacerelleConditions.permission;
import static com.pacerelle.test.PacerelleConditions.progress;
import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.textMatching;
import static com.pacerelle.test.PacerelleConditions.widget;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample as a person sees it.
 */
@PacerelleTest
class SampleConversationTests {

	@Autowired
	private TestPerson person;

	@Test
	void echoes() {
		this.person.says("Hello").receives(text("Received: Hello"));
	}

	@Test
	void listsItsCommands() {
		this.person.says("/help").receives(textMatching(".*/form: asks for several values.*"));
	}

	// tag::ask[]
	@Test
	void asksAndGoesOnWithTheAnswer() {
		this.person.says("/ask").receives(widget("confirm")).answers(true).receives(text("You said yes"));
		this.person.says("/ask").receives(widget("confirm")).answers(false).receives(text("You said no"));
		this.person.says("/ask").receives(widget("confirm")).cancels().receives(text("You said nothing"));
	}
	// end::ask[]

	// tag::widgets[]
	@Test
	void eachWidgetIsAnsweredInItsType() {
		this.person.says("/confirm").receives(confirm("confirm-delete-cache")).answers(true);
		this.person.receives(text("confirm-delete-cache: true"));
		this.person.says("/choice").receives(choice("choose-export-format")).answers("docx");
		this.person.receives(text("choose-export-format: \"docx\""));
		this.person.says("/choices").receives(choice("choose-checks")).answers(List.of("lint", "build"));
		this.person.receives(text("choose-checks: [\"lint\",\"build\"]"));
		this.person.says("/datetime").receives(dateTime("schedule-review")).answers(LocalDate.of(2026, 6, 1));
		this.person.receives(textMatching("schedule-review: .*2026-06-01.*"));
		this.person.says("/permission").receives(permission("allow-folder-read")).grants(PermissionScope.SESSION);
		this.person.receives(textMatching("allow-folder-read: .*session.*"));
	}

	@Test
	void formIsFilledIn() {
		this.person.says("/form").receives(form("release-form").title("Prepare a release"));
		this.person.answers(Map.of("version", "1.2", "priority", 3, "announce", true));
		this.person.receives(textMatching("release-form: .*\"version\":\"1.2\".*"));
	}
	// end::widgets[]

	@Test
	void filesAreDescribedAndSent() {
		byte[] content = "The brief".getBytes(StandardCharsets.UTF_8);
		PersonFile brief = PersonFile.of("brief.pdf", content);
		this.person.sends("", brief)
			.receives(textMatching("brief.pdf, application/pdf, 9 bytes, SHA-256 [0-9a-f]{64}"));
		this.person.says("/upload").receives(filePicker("upload-brief")).answers(brief);
		this.person.receives(textMatching("upload-brief: .*brief.pdf.*"));
		this.person.says("/report").receives(file("report.txt"));
		assertThat(this.person.received().files().get(0).content()).asString(StandardCharsets.UTF_8)
			.isEqualTo("All checks have passed.\n");
		this.person.says("/chart").receives(file("chart.png"));
	}

	@Test
	void progressIsSeenToItsEnd() {
		this.person.says("/progress").receives(progress("build-progress"));
		this.person.sees(progress("build-progress").with("value", 100)).receivesNothing();
	}

}
